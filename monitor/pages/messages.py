"""Messages that were sent, word for word, as a page or in a terminal."""

from collections.abc import Sequence

from monitor.core.tell import clean
from monitor.pages.render import render_page

LINE = 1_000  # characters


def messages_page(title: str, note: str, messages: Sequence[Sequence[str]]) -> str:
    """HTML of ``messages``, each in its lines: no script, and no link, for these are words and not layout."""
    shown = [[clean(line, LINE) for line in lines] for lines in messages if lines]
    return render_page("messages.html", language="en", title=clean(title, 200), note=clean(note, 300), messages=shown)


def messages_text(title: str, note: str, messages: Sequence[Sequence[str]]) -> str:
    """The same in lines, without control characters."""
    lines = [title, f"! {note}"]
    for message in messages:
        lines += ["", *message]
    return "\n".join([clean(line, LINE) for line in lines] + [""])
