"""Pages and pictures for people: self-contained files, safe to open wherever they came from."""

from monitor.pages.digest import digest_page
from monitor.pages.terminal import digest_text
from monitor.pages.trial import trial_page

__all__ = ["digest_page", "digest_text", "trial_page"]
