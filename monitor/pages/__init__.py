"""Pages and pictures for people: self-contained files, safe to open wherever they came from."""

from monitor.pages.digest import digest_page
from monitor.pages.evaluation import evaluation_page
from monitor.pages.terminal import digest_text

__all__ = ["digest_page", "digest_text", "evaluation_page"]
