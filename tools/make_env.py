"""`make env`: .env from .env.example, with fresh secrets. An .env that exists is left alone."""

import base64
import os
import secrets
import sys

from tools.airflow_env import ROOT

EMPTY_BY_CHOICE = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_WEBHOOK_URL", "MONITOR_ALARM_CHANNEL"}


def filled(example: str) -> str:
    """The example with a secret behind each variable that has no value yet."""
    return "\n".join(_filled_line(line) for line in example.splitlines()) + "\n"


def _filled_line(line: str) -> str:
    name, is_setting, value = line.partition("=")
    if not is_setting or value or name.startswith("#") or name in EMPTY_BY_CHOICE:
        return line
    if name == "AIRFLOW_FERNET_KEY":
        return f"{name}={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"
    return f"{name}={secrets.token_urlsafe(16 if name == 'AIRFLOW_ADMIN_PASSWORD' else 64)}"


def main() -> int:
    """Returns the exit code: 1 when there is an .env already."""
    try:
        handle = os.open(ROOT / ".env", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        print(".env exists; it is left as it is")
        return 1
    with open(handle, "w", encoding="utf-8") as out:
        out.write(filled((ROOT / ".env.example").read_text(encoding="utf-8")))
    print(".env is made. Put SLACK_BOT_TOKEN, SLACK_APP_TOKEN and MONITOR_ALARM_CHANNEL into it to post to Slack.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
