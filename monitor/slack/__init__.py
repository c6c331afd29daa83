"""Slack: what a message looks like (pure), the only clients, and what people press and type."""

from monitor.slack.answers import render_lines, render_pick, render_trial, render_why
from monitor.slack.blocks import (
    as_shown,
    in_lines,
    plainer,
    render_addition,
    render_alarm,
    render_alert,
    render_digest,
    revised,
)
from monitor.slack.buttons import said_in, with_said
from monitor.slack.client import SlackClient, SlackWebhook
from monitor.slack.listen import SlackApp
from monitor.slack.review import render_review

__all__ = [
    "SlackApp",
    "SlackClient",
    "SlackWebhook",
    "as_shown",
    "in_lines",
    "plainer",
    "render_addition",
    "render_alarm",
    "render_alert",
    "render_digest",
    "render_lines",
    "render_pick",
    "render_review",
    "render_trial",
    "render_why",
    "revised",
    "said_in",
    "with_said",
]
