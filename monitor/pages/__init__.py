"""Pages, pictures and feeds for people: self-contained files, safe to open wherever they came from."""

from monitor.pages.charts import alt_text, movements, trends_png
from monitor.pages.digest import digest_page
from monitor.pages.evaluation import evaluation_page
from monitor.pages.export import FORMATS, items_of
from monitor.pages.messages import messages_page, messages_text
from monitor.pages.report import report_page
from monitor.pages.terminal import digest_text
from monitor.pages.trial import trial_page

__all__ = [
    "FORMATS",
    "alt_text",
    "digest_page",
    "digest_text",
    "evaluation_page",
    "items_of",
    "messages_page",
    "messages_text",
    "movements",
    "report_page",
    "trends_png",
    "trial_page",
]
