"""One phrase of a watch term, compiled: plain text with ``*`` wild cards, or ``/regex/``.

A phrase is folded as the text is. It begins and ends at the border of a word where the script has borders: a Korean
word may carry particles, Chinese and Japanese have no borders. A blank or a hyphen in a phrase stands for either, in
Korean for nothing too. ``*`` stands for any letters within one word (in Chinese and Japanese: within one clause).
"""

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import re2

from monitor.core.fold import ALPHABETIC, BREAKS, HAN_KANA, HANGUL, WORD, Folded, fold
from monitor.core.spellings import forms_of

Span = tuple[int, int]

KEY_LENGTH = 4
LONGEST_WILD = 30  # letters that one wild card may stand for; a bound keeps the work linear
MOST_WILD = 2  # inside of words
LONGEST_PHRASE = 500

_PADDING = " -,.\n"
_FIRST_EASTERN = "\u1100"
_HAN = re.compile(f"[{HAN_KANA}]")
_HANGUL = re.compile(f"[{HANGUL}]")
_ATOM = re.compile(f"[{BREAKS}]+|\\*+|[{HAN_KANA}]+|[{HANGUL}]+|(?:(?!\\*){ALPHABETIC})+")

# Particles and endings that a Korean noun carries; longer compounds are other words.
_PARTICLES = (
    "(?:들|측|간)?(?:이|가|은|는|을|를|의|에|에서|에게|에게서|에는|에도|에만|에선|에서는|에서도|에서의|에의|에게는|"
    "에게도|께|께서|께서는|와|과|와는|과는|와도|과도|와의|과의|랑|이랑|하고|도|만|만의|만이|까지|까지의|까지도|부터|"
    "부터의|로|으로|로서|으로서|로서의|으로서의|로써|으로써|로의|으로의|로는|으로는|로도|으로도|로부터|으로부터|"
    "로부터의|으로부터의|처럼|보다|보다는|마다|조차|마저|밖에|뿐|뿐만|라고|이라고|라는|이라는|라며|이라며|라면|이라면|"
    "이다|입니다|이며|이자|인|였다|이었다|이란|란|이나|나|이든|든|에다|에다가|이고|고|임|등|등의|등을|등에|등이)?"
)
_TAIL = re.compile(f"{_PARTICLES}(?![{HANGUL}])")

# A phrase inside one of these longer words is another word: Chinese and Japanese have no borders to tell.
_LONGER = tuple(
    "白俄罗斯 白俄羅斯 白俄 白ロシア ベロロシア プロシア 俄亥俄 俄勒冈 俄勒岡 俄克拉荷马 俄克拉何马 俄而 俄顷 "
    "北京 北海道 北极 北極 北约 北約 北欧 北歐 北美 北部 北方 北方四島 北斗 北爱尔兰 北愛爾蘭 北马其顿 北卡罗来纳 "
    "北大西洋 北九州 北陸 北関東 北上 北風 北西 北東 东北 東北 西北 华北 華北 河北 湖北 台北 臺北 敗北 败北 "
    "南北战争 南北戦争 "
    "朝阳 朝陽 朝日 朝刊 朝食 朝廷 朝代 朝气 朝圣 朝晚 今朝 早朝 毎朝 明朝 王朝 清朝 唐朝 宋朝 元朝 "
    "朝鲜族 朝鮮族 朝鲜日报 朝鮮日報 "
    "露天 露营 露出 露骨 露面 露店 暴露 透露 披露 流露 吐露 揭露 泄露 洩露 甘露 結露 白露 雨露 日露戦争".split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase; it stands for every form of the name that it is, if it is one."""

    source: str
    keys: tuple[str, ...]
    """A text with a mention has one of these among its keys; empty: nothing is known, always look."""
    forms: "tuple[_Plain | _Regex, ...]"
    by_key: "Mapping[str, tuple[_Plain | _Regex, ...]]" = field(default_factory=dict)
    """The forms by their keys, where each has one."""

    @property
    def prefilter(self) -> str:
        """A regular expression that is found in every text (``Folded.spelt``) that has a mention."""
        return "|".join(form.source if isinstance(form, _Regex) else re2.escape(form.literal) for form in self.forms)

    def spans(self, folded: Folded, keys: Set[str] | None = None) -> list[Span]:
        """Every mention in a folded text, first to last; its ``keys``, where they are known, save work."""
        if len(self.forms) == 1:
            return list(self.forms[0].spans(folded))
        if keys is None or not self.keys:
            return sorted({span for form in self.forms for span in form.spans(folded)})
        there = self.by_key.keys() & keys
        return sorted({span for key in there for form in self.by_key[key] for span in form.spans(folded)})


@dataclass(frozen=True, slots=True)
class _Plain:
    """Plain text with wild cards. ``literal`` is surely in a text that has it, ``whole`` says that it is all of it."""

    key: str
    literal: str
    pattern: str
    whole: bool
    begins: str
    """The script whose letters may not stand before it; empty where it begins with a wild card, or in Han."""
    ends: str
    open_before: bool
    """It begins with a wild card: a mention reaches back to the beginning of its word."""
    open_after: bool
    longer: tuple[str, ...]

    def spans(self, folded: Folded) -> Iterator[Span]:
        text, at = folded.text, 0
        while (start := text.find(self.literal, at)) != -1:
            if self.whole:
                end = start + len(self.literal)
            else:
                found = _compiled(self.pattern).search(text, at)
                if found is None:
                    return
                start, end = found.span()
            if self._stands_alone(text, start, end):
                end = _word_end(text, end) if self.open_after else end
                yield _word_start(text, start, at) if self.open_before else start, end
                at = end
            else:
                at = start + 1

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        """Whether both borders are borders of words, and the whole is not a part of another word."""
        if self.begins and start and _script(text[start - 1]) == self.begins:
            return False
        if self.ends == "hangul":
            if _TAIL.match(text, end) is None:
                return False
        elif self.ends and end < len(text) and _script(text[end]) == self.ends:
            return False
        return not any(_inside(text, start, end, word) for word in self.longer)


@dataclass(frozen=True, slots=True)
class _Regex:
    key: str
    source: str
    pattern: Any
    border_before: bool
    border_after: bool

    def spans(self, folded: Folded) -> Iterator[Span]:
        text = folded.spelt
        for found in self.pattern.finditer(text):
            start, end = found.span()
            if end > start and not (
                (self.border_before and _joined(text, start)) or (self.border_after and _joined(text, end))
            ):
                yield start, end


def scripts_of(phrase: str) -> set[str]:
    """The scripts of a phrase's letters: han (with kana), hangul, cyrillic, latin (with all others)."""
    found = set()
    for char in fold(phrase).text:
        script = _script(char)
        if script == "alphabetic" and char.isalpha():
            found.add("cyrillic" if "\u0400" <= char <= "\u052f" else "latin")
        elif script in {"han", "hangul"}:
            found.add(script)
    return found


def phrase_problem(phrase: str) -> str:
    """What is wrong with a phrase, with advice; empty when it is fine."""
    try:
        compile_phrase(phrase)
    except ValueError as error:
        return str(error)
    return ""


@lru_cache(maxsize=20_000)
def compile_phrase(phrase: str) -> Phrase:
    """Compile one phrase. Raises ValueError with what is wrong and how to mend it."""
    if len(phrase) > LONGEST_PHRASE:
        raise ValueError(f"{phrase[:40]!r}... has more than {LONGEST_PHRASE} letters")
    if phrase.startswith("/"):
        if len(phrase) < 3 or not phrase.endswith("/"):
            raise ValueError(f"{phrase!r} begins like a regular expression but does not end with a slash")
        return Phrase(phrase, (), (_compile_regex(phrase[1:-1]),))
    forms = tuple(_compile_plain(form) for form in forms_of(phrase))
    by_key: dict[str, tuple[_Plain | _Regex, ...]] = {}
    for form in forms:
        by_key[form.key] = (*by_key.get(form.key, ()), form)
    return Phrase(phrase, tuple(by_key) if all(by_key) else (), forms, by_key)


@lru_cache(maxsize=20_000)
def _compiled(pattern: str) -> "re.Pattern[str]":
    return re.compile(pattern)  # on first use: most phrases of a large watch are met late or never


def _compile_plain(phrase: str) -> _Plain:
    # The fold takes * for punctuation, so it is set aside meanwhile.
    folded = "*".join(fold(part).text for part in phrase.split("*"))
    atoms = _trimmed(_ATOM.findall(folded))
    folded = "".join(atoms)
    words = [atom for atom in atoms if atom[0] != "*" and atom[0] not in _PADDING]
    if not words:
        raise ValueError(f"{phrase!r} has no letters to look for")
    open_before, open_after = atoms[0][0] == "*", atoms[-1][0] == "*"
    atoms = atoms[open_before : len(atoms) - open_after]
    if sum(atom[0] == "*" for atom in atoms) > MOST_WILD:
        raise ValueError(f"{phrase!r} has more than {MOST_WILD} wild cards inside")
    longest = max(words, key=len)
    if len(words) == 1 and (open_before or open_after) and len(longest) < 2 and _script(longest) != "han":
        raise ValueError(f"{phrase!r} would match nearly every text; write at least two letters beside the *")
    whole = len(atoms) == 1 and (_script(longest[0]) == "alphabetic" or len(longest) == 1)
    begins, ends = (_script(end) for end in (atoms[0][0], atoms[-1][-1]))
    return _Plain(
        key=_key(atoms, open_before=open_before),
        # Between characters of scripts without blanks a hyphen may stand in the text: only one of them is sure.
        literal=longest if _script(longest[0]) == "alphabetic" else longest[0],
        pattern="" if whole else "".join(_atom_pattern(atoms, at) for at in range(len(atoms))),
        whole=whole,
        begins="" if open_before or begins == "han" else begins,
        ends="" if open_after or ends == "han" else ends,
        open_before=open_before,
        open_after=open_after,
        longer=tuple(word for word in _LONGER if folded in word and folded != word) if _HAN.search(folded) else (),
    )


def _trimmed(atoms: list[str]) -> list[str]:
    """Without borders at the ends, and without wild cards there that touch no word."""
    while atoms and (atoms[0][0] in _PADDING or (atoms[0][0] == "*" and (len(atoms) == 1 or atoms[1][0] in _PADDING))):
        atoms = atoms[1:]
    while atoms and (
        atoms[-1][0] in _PADDING or (atoms[-1][0] == "*" and (len(atoms) == 1 or atoms[-2][0] in _PADDING))
    ):
        atoms = atoms[:-1]
    return atoms


def text_keys(folded: str, stems: frozenset[int]) -> set[str]:
    """Every key that phrases may ask for: beginnings of words (of ``KEY_LENGTH`` and the ``stems``' lengths), and
    pairs and single characters of scripts without blanks."""
    words = set(_ALPHABETIC_RUN.findall(folded))
    keys = {word[:KEY_LENGTH] for word in words}
    for length in stems:
        keys.update({word[:length] for word in words})
    if not folded.isascii():
        for run in _CJK_RUN.findall(folded.replace("-", "")):
            keys.update(run)
            keys.update(map(str.__add__, run, run[1:]))
    return keys


_ALPHABETIC_RUN = re.compile(f"{ALPHABETIC}+")
_CJK_RUN = re.compile(f"[{HAN_KANA}{HANGUL}]+")


def _key(atoms: list[str], *, open_before: bool) -> str:
    """The most telling beginning of a word, or pair of characters, that a text with a match must hold."""
    candidates = []
    for at, atom in enumerate(atoms):
        if atom[0] in _PADDING or atom[0] == "*":
            continue
        if _script(atom[0]) != "alphabetic":
            candidates.append(atom[:2])
        elif not (atoms[at - 1][0] == "*" if at else open_before):  # else the word begins with anything
            candidates.append(atom[:KEY_LENGTH])
    return max(candidates, key=len, default="")


def _atom_pattern(atoms: list[str], at: int) -> str:
    atom = atoms[at]
    if atom[0] == "*":
        return f"{WORD}{{0,{LONGEST_WILD}}}"
    if atom[0] in _PADDING:
        between = "[ .,-]" if set(atom) & set(".,\n") else "[ -]"
        loose = _script(atoms[at - 1][-1]) == _script(atoms[at + 1][0]) == "hangul"
        return between + ("*" if loose else "+")
    return re.escape(atom) if _script(atom[0]) == "alphabetic" else "-?".join(atom)


def _word_end(text: str, end: int) -> int:
    """Where the word that goes on at ``end`` is over; writing without blanks does not tell."""
    script, last = _script(text[end - 1]), min(len(text), end + LONGEST_WILD)
    while script != "han" and end < last and _script(text[end]) == script:
        end += 1
    return end


def _word_start(text: str, start: int, first: int) -> int:
    """Where the word that leads up to ``start`` begins, not before ``first``."""
    script, first = _script(text[start]), max(first, start - LONGEST_WILD)
    while script != "han" and start > first and _script(text[start - 1]) == script:
        start -= 1
    return start


def _script(char: str) -> str:
    """How borders work beside this character: alphabetic, hangul, han (and kana), or none for a border itself."""
    if char < _FIRST_EASTERN:
        return "" if char in _PADDING else "alphabetic"
    if _HANGUL.match(char):
        return "hangul"
    return "han" if _HAN.match(char) else "alphabetic"


def _inside(text: str, start: int, end: int, word: str) -> bool:
    """Whether the span lies inside this longer word."""
    found = text.find(word, max(0, end - len(word)), start + len(word))
    return found != -1 and found <= start and end <= found + len(word)


def _joined(text: str, at: int) -> bool:
    """Whether a word goes on across this position."""
    if not 0 < at < len(text):
        return False
    left, right = text[at - 1], text[at]
    return _is_word(left) and _is_word(right) and not (_HAN.match(left) or _HAN.match(right))


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


_REGEX_TOKEN = re.compile(
    r"\\[pP]\{\^?\w+\}|\\x\{[0-9A-Fa-f]+\}|\\.|\(\?[^:)]*[:)]?|\[\[:\^?\w+:\]|\[:\^?\w+:\]|.", re.S
)
# Signs and punctuation of the scripts that feeds are written in. The exact classes (\pL, \pM, \pN) would take half a
# megabyte and some milliseconds a pattern.
_NO_WORD = (
    r"\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xa9\xab-\xb1\xb4\xb6-\xb8\xbb\xbf\xd7\xf7\x{37e}\x{387}\x{55a}-\x{55f}"
    r"\x{589}\x{58a}\x{5be}\x{5c0}\x{5c3}\x{5f3}\x{5f4}\x{606}-\x{60f}\x{61b}-\x{61f}\x{66a}-\x{66d}\x{6d4}\x{964}\x{965}"
    r"\x{2000}-\x{206f}\x{20a0}-\x{20cf}\x{2190}-\x{2bff}\x{2e00}-\x{2fff}\x{3000}-\x{3004}\x{3008}-\x{3020}\x{3030}"
    r"\x{303d}-\x{303f}\x{30a0}\x{30fb}\x{fd3e}\x{fd3f}\x{fe10}-\x{fe19}\x{fe30}-\x{fe6f}\x{ff01}-\x{ff0f}"
    r"\x{ff1a}-\x{ff20}\x{ff3b}-\x{ff40}\x{ff5b}-\x{ff65}\x{1f000}-\x{1faff}"
)
_WORD = f"[^{_NO_WORD}]"


def _compile_regex(source: str) -> _Regex:
    before, after = source.startswith("\\b"), source.endswith("\\b") and not source.endswith("\\\\b")
    inner = source[2 if before else 0 : -2 if after else None]
    pattern, alternatives = _translate(inner)
    if (before or after) and alternatives:
        raise ValueError(r"\b beside | borders one alternative only; put them in brackets: /\b(?:one|two)\b/")
    options = re2.Options()
    options.log_errors = False
    pattern = f"(?im:{pattern})"  # ^ and $ are the borders of a field or a line
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as error:
        raise ValueError(_refusal(source, error)) from error
    if compiled.search("") is not None:
        raise ValueError(f"/{source}/ matches the empty text and so every article")
    return _Regex("", pattern, compiled, before, after)


def _translate(source: str) -> tuple[str, bool]:
    """The pattern with folded letters and our own ``\\w``; and whether it has alternatives outside of brackets."""
    out, depth, in_class, alternatives = [], 0, False, False
    for part in _REGEX_TOKEN.findall(source):
        if part in {r"\b", r"\B"} and not in_class:
            raise ValueError(rf"{part} may stand only at the very beginning or end of a pattern (and \B nowhere)")
        if part == r"\w":
            out.append(r"\pL\pM\pN_" if in_class else _WORD)
        elif part == r"\W":
            if in_class:
                raise ValueError(r"\W inside [...] is not supported; write [^...] with what must not stand there")
            out.append(f"[{_NO_WORD}]")
        elif len(part) > 1:
            out.append(part)
            depth += part.startswith("(?") and not part.endswith(")")
        else:
            in_class = (part == "[" or in_class) and part != "]"
            depth += (part == "(") - (part == ")") if not in_class else 0
            alternatives |= part == "|" and depth == 0 and not in_class
            out.append(fold(part).spelt if part.isalpha() else part)
    return "".join(out), alternatives


def _refusal(source: str, error: Exception) -> str:
    words = error.args[0].decode("utf-8", "replace") if isinstance(error.args[0], bytes) else str(error)
    words = words.replace("(?im:", "", 1)
    if "perl operator" in words or "escape sequence: \\" in words:
        return f"/{source}/ is refused: {words}; look-around and back-references are not available, use near or none_of"
    return f"/{source}/ is not a regular expression: {words}"
