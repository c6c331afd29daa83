"""Text as matching sees it: folded, with borders of words and sentences that hold in every script.

A folded text has letters and digits in one form (case, width, accents and Unicode forms are gone) and five other
characters only: blank, ``-`` (what joins words), ``,`` (what parts them), ``.`` and a line feed (the end of a
sentence, perhaps and for sure).
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

HAN_KANA = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HANGUL = "\u1100-\u11ff\uac00-\ud7a3"
BREAKS = r" \-,.\n"
WORD = f"[^{BREAKS}]"
ALPHABETIC = f"[^{BREAKS}{HAN_KANA}{HANGUL}]"

FIELD_BREAK = "\x1f"
"""Stands between title and text; never in either."""

_JOINERS = frozenset("-‐‑‒–—―−·・‧•∙⋅/⁄~〜～")
_BLANKS = frozenset("'’‘`´ʼ\"“”„«»‹›「」『』《》〈〉")
_ENDS = frozenset("!?。｡…‥\n\r\x0b\x0c\x1f\u2028\u2029")
# Letters that Unicode does not take apart, though their languages' neighbours write them without.
_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th", "ё": "е"}
_STRESS = frozenset("\u0300\u0301")
_HALF_MARKS = ("\uff9e", "\uff9f")


@dataclass(frozen=True)
class Folded:
    """``text`` to search in; ``offsets[i]`` is where its character i begins in the original, None when all agree."""

    text: str
    source: str
    """The original, or where its length differs, what ``spelt`` is."""
    offsets: tuple[int, ...] | None = None

    @cached_property
    def spelt(self) -> str:
        """The text with the original's punctuation, for regular expressions: equal length, equal offsets."""
        return self.source.translate(_SPELL) if self.offsets is None else self.source

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A span of the folded text as a span of the original."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end]

    def text_position(self, original: int) -> int:
        """Where the folded text stands at this position of the original."""
        return original if self.offsets is None else bisect_left(self.offsets, original)


class _Table(dict[int, str]):
    """A translation table that grows with the characters it meets; ``keep`` leaves punctuation as it is."""

    def __init__(self, *, keep: bool) -> None:
        super().__init__()
        self._keep = keep

    def __missing__(self, code: int) -> str:
        folded = _fold_cluster(chr(code), keep=self._keep)
        self[code] = folded
        return folded


def _fold_cluster(cluster: str, *, keep: bool) -> str:
    if cluster in {"…", "‥"}:  # NFKC would make several full stops of it
        return "." if keep else "\n"
    letters = unicodedata.normalize("NFKC", cluster).casefold()
    return "".join(_fold_letter(part, keep=keep) for part in _clusters(letters))


def _fold_letter(cluster: str, *, keep: bool) -> str:
    base = unicodedata.normalize("NFD", cluster)
    if "LATIN" in (name := unicodedata.name(base[0], "")) or "GREEK" in name:
        plain = base[0]
    elif "CYRILLIC" in name:
        plain = unicodedata.normalize("NFC", "".join(c for c in base if c not in _STRESS))
    else:
        plain = unicodedata.normalize("NFC", base)
    plain = _PLAIN.get(plain, plain)
    category = unicodedata.category(plain[0])
    if "\u0300" <= plain[0] <= "\u036f":  # a stray accent
        return ""
    if category[0] in "LNM" or plain == "_":
        return plain
    sign = _break(plain[0], category)
    return plain[0] if keep and sign and category not in {"Cf", "Cc"} else sign


def _break(char: str, category: str) -> str:
    if char in _ENDS:
        return "\n"
    if char == ".":
        return "."
    if char in _JOINERS:
        return "-"
    if char in _BLANKS or char.isspace():
        return " "
    return "" if category in {"Cf", "Cc"} else ","


_FOLD = _Table(keep=False)
_SPELL = _Table(keep=True)


def fold(text: str) -> Folded:
    """Fold one text. Most texts keep their length; the others get a map back to where each character came from."""
    folded = text.translate(_FOLD)
    apart = any(mark in text for mark in _HALF_MARKS) or not unicodedata.is_normalized("NFC", text)
    if len(folded) == len(text) and not apart:
        return Folded(folded, text)
    pieces: list[str] = []
    spelt: list[str] = []
    offsets: list[int] = []
    at = 0
    for cluster in _clusters(text):
        piece, spelling = _folded_cluster(cluster)
        pieces.append(piece)
        spelt.append(spelling)
        offsets.extend([at] * len(piece))
        at += len(cluster)
    return Folded("".join(pieces), "".join(spelt), (*offsets, at))


def _folded_cluster(cluster: str) -> tuple[str, str]:
    if len(cluster) == 1:
        piece, spelling = _FOLD[ord(cluster)], _SPELL[ord(cluster)]
    else:
        piece, spelling = _fold_cluster(cluster, keep=False), _fold_cluster(cluster, keep=True)
    # Both texts share their offsets, so they must not part in length.
    return (piece, spelling) if len(piece) == len(spelling) else (piece, piece)


def _clusters(text: str) -> list[str]:
    """Characters with the marks that belong to them; Hangul letters as syllables."""
    found: list[str] = []
    for char in text:
        joins = char >= "\u0300" and (
            unicodedata.combining(char) or char in _HALF_MARKS or "\u1160" <= char <= "\u11ff"
        )
        if joins and found:
            found[-1] += char
        else:
            found.append(char)
    return found


_UNIT = re.compile(f"[{HAN_KANA}]{{1,2}}|[{HANGUL}]+|{ALPHABETIC}+")
_END = re.compile(r"\n|\.(?=[ \n]|$)")
_LAST_WORD = re.compile(f"{WORD}*$")
_ABBREVIATIONS = frozenset(
    "mr mrs ms dr st gen col lt sgt adm sen rep gov vs no art jr sr jan feb mar apr jun jul aug sep sept oct nov dec "
    "prof inc ltd co corp г гг в вв руб тыс млн млрд им ул ст др пр см тов ген р ur tzw np im ks płk gen bzw ca z b "
    "nr evtl m mme mlle p ej sra".split()
)


def word_starts(folded: str) -> list[int]:
    """Where each word begins. Chinese and Japanese write no blanks: two characters count as a word there."""
    return [found.start() for found in _UNIT.finditer(folded)]


def sentence_ends(folded: str) -> list[int]:
    """Positions after which a new sentence begins; full stops of abbreviations and initials do not count."""
    ends = []
    for found in _END.finditer(folded):
        if found[0] == ".":
            last = _LAST_WORD.search(folded[max(0, found.start() - 20) : found.start()])
            word = last[0] if last else ""
            if (len(word) == 1 and not word.isdigit()) or word in _ABBREVIATIONS:
                continue
        ends.append(found.end())
    return ends


def sentence_of(ends: list[int], position: int) -> int:
    """The number of the sentence that holds this position."""
    return bisect_right(ends, position)
