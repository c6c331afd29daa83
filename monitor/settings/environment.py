"""The environment: where things are on this machine, and secrets. Nothing here decides what is flagged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from monitor import log
from monitor.errors import SettingsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Paths, the store's URL and Slack's access.

    Without ``slack_token`` and ``slack_webhook`` there is no Slack: digests become pages.
    """

    config: Path
    home: Path
    store_url: str
    slack_token: str = field(repr=False)
    slack_api_url: str
    slack_webhook: str = field(repr=False)
    """Address of an incoming webhook, a secret; used where there is no token."""
    alarm_channel: str
    archive: Path
    """Folder of the files that take what retention moves out of the store."""
    slack_app_token: str = field(default="", repr=False)
    """Opens the connection on which we hear of buttons and commands; without it there are none."""

    @property
    def listens(self) -> bool:
        """Are there buttons under stories? Only where somebody hears them."""
        return bool(self.slack_token and self.slack_app_token)


def load_environment(env: Mapping[str, str]) -> Environment:
    """Read MONITOR_CONFIG, MONITOR_HOME, MONITOR_ARCHIVE, MONITOR_STORE, SLACK_BOT_TOKEN, SLACK_APP_TOKEN,
    SLACK_WEBHOOK_URL, SLACK_API_URL and MONITOR_ALARM_CHANNEL; check MONITOR_LOG and MONITOR_LOG_LEVEL, which
    ``monitor.log`` reads.

    Paths are made absolute, so that a later change of folder changes nothing. Raises SettingsError with every problem.
    """
    home = Path(env.get("MONITOR_HOME") or "var").expanduser().absolute()
    token = env.get("SLACK_BOT_TOKEN", "").strip()
    api_url = env.get("SLACK_API_URL") or "https://slack.com/api/"
    problems = []
    if token and not token.startswith("xoxb-"):
        problems.append(
            "environment: SLACK_BOT_TOKEN: a bot token begins with xoxb-; copy it from OAuth & Permissions of your app"
        )
    app_token = env.get("SLACK_APP_TOKEN", "").strip()
    if app_token and not app_token.startswith("xapp-"):
        problems.append(
            "environment: SLACK_APP_TOKEN: an app-level token begins with xapp-; make one under Basic Information of "
            "your app, with the scope connections:write"
        )
    if not _is_web_address(api_url):
        problems.append(f"environment: SLACK_API_URL: {api_url!r} is not an http or https address")
    webhook = env.get("SLACK_WEBHOOK_URL", "").strip()
    if webhook and not _is_web_address(webhook):
        problems.append(
            "environment: SLACK_WEBHOOK_URL: is not an https address; copy it from Incoming Webhooks of your app"
        )
    for name, known in (("MONITOR_LOG", log.FORMS), ("MONITOR_LOG_LEVEL", log.LEVELS)):
        if env.get(name) and env[name] not in known:
            problems.append(f"environment: {name}: {env[name]!r} is not one of {', '.join(known)}")
    if problems:
        raise SettingsError(problems)
    return Environment(
        config=Path(env.get("MONITOR_CONFIG") or "config").expanduser().absolute(),
        home=home,
        archive=Path(env.get("MONITOR_ARCHIVE") or home / "archive").expanduser().absolute(),
        store_url=env.get("MONITOR_STORE") or f"sqlite:///{home / 'monitor.db'}",
        slack_token=token,
        slack_api_url=api_url.rstrip("/") + "/",
        slack_webhook=webhook,
        alarm_channel=env.get("MONITOR_ALARM_CHANNEL", "").strip(),
        slack_app_token=app_token,
    )


def _is_web_address(text: str) -> bool:
    """What cannot be one must not reach a client, whose complaint would show it, secrets and all."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and text.isprintable() and " " not in text
