"""Slack: what a message looks like (pure), and the only clients."""

from monitor.slack.blocks import plainer, render_addition, render_alarm, render_alert, render_digest, revised
from monitor.slack.client import SlackClient, SlackWebhook
from monitor.slack.review import render_review

__all__ = [
    "SlackClient",
    "SlackWebhook",
    "plainer",
    "render_addition",
    "render_alarm",
    "render_alert",
    "render_digest",
    "render_review",
    "revised",
]
