"""`make env`: .env from .env.example, with fresh secrets. What an .env has already is left as it is."""

import base64
import os
import secrets
import sys

from tools.airflow_env import ROOT

EMPTY_BY_CHOICE = {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_WEBHOOK_URL", "MONITOR_ALARM_CHANNEL"}
IMAGE_USER = 50000  # of the Dockerfile


def filled(example: str) -> str:
    """The example with a value behind each variable that has none yet."""
    return "\n".join(_filled_line(line) for line in example.splitlines()) + "\n"


def completed(present: str, example: str) -> tuple[str, list[str]]:
    """``present`` with what only the example has, and the names that were added: an upgrade brings new secrets."""
    known = {_name(line) for line in present.splitlines()}
    absent = [line for line in example.splitlines() if "=" in line and line[0] != "#" and _name(line) not in known]
    if not absent:
        return present, []
    return present.rstrip("\n") + "\n\n" + filled("\n".join(absent)), [_name(line) for line in absent]


def _name(line: str) -> str:
    return line.partition("=")[0]


def _filled_line(line: str) -> str:
    name, is_setting, value = line.partition("=")
    if not is_setting or value or name.startswith("#") or name in EMPTY_BY_CHOICE:
        return line
    if name == "MONITOR_UID":
        return f"{name}={os.getuid() or IMAGE_USER}"  # no service runs as root
    if name == "AIRFLOW_FERNET_KEY":
        return f"{name}={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"
    return f"{name}={secrets.token_urlsafe(16 if name == 'AIRFLOW_ADMIN_PASSWORD' else 64)}"


def main() -> int:
    """Returns the exit code, always 0."""
    file, example = ROOT / ".env", (ROOT / ".env.example").read_text(encoding="utf-8")
    if file.exists():
        text, added = completed(file.read_text(encoding="utf-8"), example)
        file.write_text(text, encoding="utf-8")
        print(f".env got {', '.join(added)}" if added else ".env has everything; it is left as it is")
        return 0
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(filled(example))
    print(".env is made. Put SLACK_BOT_TOKEN, SLACK_APP_TOKEN and MONITOR_ALARM_CHANNEL into it to post to Slack.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
