"""The environment: paths, the store and Slack."""

from pathlib import Path

import pytest

from monitor.errors import SettingsError
from monitor.settings import load_environment


def test_an_empty_environment_means_the_folders_here_and_no_slack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = load_environment({})
    assert (found.config, found.home) == (tmp_path / "config", tmp_path / "var")
    assert found.store_url == f"sqlite:///{tmp_path / 'var' / 'monitor.db'}"
    assert (found.slack_token, found.slack_api_url) == ("", "https://slack.com/api/")


def test_what_is_set_is_taken() -> None:
    found = load_environment(
        {
            "MONITOR_CONFIG": "/srv/config",
            "MONITOR_STORE": "postgresql://db/monitor",
            "SLACK_BOT_TOKEN": "xoxb-1 ",
            "SLACK_API_URL": "http://127.0.0.1:9000/api",
            "MONITOR_ALARM_CHANNEL": "#ops",
            "SLACK_WEBHOOK_URL": "https://hooks.example/services/T/B/secret",
        }
    )
    assert found.config == Path("/srv/config")
    assert found.store_url == "postgresql://db/monitor"
    assert (found.slack_token, found.slack_api_url) == ("xoxb-1", "http://127.0.0.1:9000/api/")
    assert found.alarm_channel == "#ops"
    assert found.slack_webhook == "https://hooks.example/services/T/B/secret"


def test_every_problem_is_told_and_no_secret_with_it() -> None:
    with pytest.raises(SettingsError) as caught:
        load_environment(
            {
                "SLACK_BOT_TOKEN": "xoxp-private",
                "SLACK_APP_TOKEN": "xoxb-private",
                "SLACK_API_URL": "slack",
                "SLACK_WEBHOOK_URL": "private/webhook",
            }
        )
    assert len(caught.value.problems) == 4
    assert "private" not in str(caught.value)


@pytest.mark.parametrize("address", ["https://[private/x", "https://hooks.example/pri vate", "https://x/private\x00"])
def test_a_webhook_that_is_no_address_reaches_no_client_that_would_print_it(address: str) -> None:
    with pytest.raises(SettingsError, match="SLACK_WEBHOOK_URL: is not an https address") as caught:
        load_environment({"SLACK_WEBHOOK_URL": address})
    assert "private" not in str(caught.value)


def test_no_secret_shows_when_printed() -> None:
    secrets = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_WEBHOOK_URL": "https://hooks.example/secret"}
    shown = repr(load_environment(secrets))
    assert not [secret for secret in secrets.values() if secret in shown]


def test_there_are_buttons_only_with_both_tokens() -> None:
    both = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    assert load_environment(both).listens
    assert not any(load_environment({name: both[name]}).listens for name in both)
    assert "xapp-1" not in repr(load_environment(both))
