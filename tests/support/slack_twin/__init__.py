"""A strict loopback stand-in for Slack's Web API.

Requests are held to Slack's documented rules and answered with Slack's own error JSON. Where Slack is lenient but a
digest must not be (a title that pings everyone), the twin refuses with an error whose name starts with ``twin_``, or
records a lint finding. Every limit is in ``kit``; the sources are Slack's reference pages and the issues of its SDKs.
"""

from tests.support.slack_twin.twin import SlackTwin

__all__ = ["SlackTwin"]
