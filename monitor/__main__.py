"""The command `monitor`, and `python -m monitor`."""

import os
import sys

from monitor.errors import MonitorError, SettingsError


def main() -> None:
    """Run one command; what goes wrong on purpose is told in its own words, without a traceback."""
    from monitor.cli import app

    try:
        app()
    except SettingsError as error:
        print("\n".join(error.problems), file=sys.stderr)
        sys.exit(2)
    except MonitorError as error:
        print(f"monitor: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
