"""Slack: what a message looks like (pure), and the only client."""

from monitor.slack.blocks import plainer, render_alarm, render_digest
from monitor.slack.client import SlackClient

__all__ = ["SlackClient", "plainer", "render_alarm", "render_digest"]
