"""Which language a text is in: by its script, with the declared language as the prior, and by its small words."""

import re

UNKNOWN = "und"
_CYRILLIC = {"ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"}
_ARABIC = {"ar", "fa", "ur", "ps"}
_DEVANAGARI = {"hi", "mr", "ne"}
_OTHER_SCRIPTS = {"ko", "ja", "zh", "th", "he", "el", "hy", "ka", "ta", "bn"} | _CYRILLIC | _ARABIC | _DEVANAGARI
_SAMPLE = 600  # characters looked at
_SMALL_WORDS = {
    "en": "the of and to in for on with is at from by as says after over its was has will",
    "de": "der die das und ist von den mit im für auf nicht ein eine dem zu des sich bei nach",
    "fr": "le la les des et du est en une dans pour sur au aux qui que pas par avec ses",
    "es": "el los las del y que en un una por con para es su al se como más lo sobre",
    "pt": "o os as do da dos das em um uma que não para com por no na ao mais é",
    "it": "il lo gli di che è un una per con del della dei nel alla sono non si al da",
    "pl": "w z na do się nie jest że o po za od przez dla oraz jak ich co ale przed",
    "nl": "de het een van en in op met voor dat niet zijn aan bij door naar ook is te om",
    "vi": "và của là có cho các được trong với không người những một để về tại đã này từ ở",
    "tr": "ve bir bu için ile de da olarak çok daha sonra olan ne gibi kadar en mi ya göre dedi",
    "cs": "a se na je že v s z do o k pro jako ale po by si být od který",
}
_WORD_LANGUAGES: dict[str, list[str]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in _words.split():
        _WORD_LANGUAGES.setdefault(_word, []).append(_language)
_WORDS = re.compile(r"[^\W\d_]+")
_SCRIPTS = {
    "LATIN": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
    "CYRILLIC": re.compile("[\u0400-\u052f]"),
    "HANGUL": re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]"),
    "KANA": re.compile("[\u3041-\u30fa\u30fc-\u30ff]"),
    "CJK": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"),
    "ARABIC": re.compile("[\u0620-\u06ff]"),
    "DEVANAGARI": re.compile("[\u0900-\u097f]"),
    "THAI": re.compile("[\u0e00-\u0e7f]"),
    "HEBREW": re.compile("[\u05d0-\u05ea]"),
    "GREEK": re.compile("[\u0370-\u03ff]"),
    "ARMENIAN": re.compile("[\u0530-\u058f]"),
    "GEORGIAN": re.compile("[\u10a0-\u10ff]"),
}
_LETTERS_ONLY_IN = {"uk": "іїєґ", "ru": "ыэъё", "be": "ў", "sr": "ђћџљњј", "kk": "әғқңөұүһ"}


def primary(tag: str) -> str:
    """The primary language of a BCP 47 tag, lower case; empty when it is none."""
    head = tag.replace("_", "-").split("-")[0].strip().lower()
    return head if head.isascii() and head.isalpha() and 2 <= len(head) <= 3 and head != UNKNOWN else ""


def detect_language(text: str, declared: str) -> str:
    """The primary language of ``text``; ``declared`` (a BCP 47 tag) wins where the text does not contradict it."""
    prior = primary(declared)
    scripts = _count_scripts(text[:_SAMPLE])
    total = sum(scripts.values())
    if not total:
        return prior or UNKNOWN
    east_asian = scripts.get("HANGUL", 0) + scripts.get("KANA", 0) + scripts.get("CJK", 0)
    if 4 * east_asian >= total:  # one such letter says as much as several of an alphabet
        return _east_asian(scripts, prior)
    script = max(scripts, key=lambda name: scripts[name])
    return _alphabetic(script, text[:_SAMPLE].lower(), prior)


def _count_scripts(text: str) -> dict[str, int]:
    if text.isascii():
        return {"LATIN": 1} if _WORDS.search(text) else {}
    counts: dict[str, int] = {}
    left = sum(map(str.isalpha, text))
    for name, letters in _SCRIPTS.items():
        if left <= 0:
            break
        if count := len(letters.findall(text)):
            counts[name] = count
            left -= count
    return counts


def _east_asian(scripts: dict[str, int], prior: str) -> str:
    if scripts.get("HANGUL", 0) >= max(scripts.get("KANA", 0), 1):
        return "ko"
    if scripts.get("KANA", 0):
        return "ja"
    return prior if prior in {"zh", "ja"} else "zh"  # a short Japanese headline may be all Chinese characters


def _alphabetic(script: str, text: str, prior: str) -> str:
    if script == "CYRILLIC":
        return _cyrillic(text, prior)
    families = {
        "ARABIC": (_ARABIC, "ar"),
        "DEVANAGARI": (_DEVANAGARI, "hi"),
        "THAI": ({"th"}, "th"),
        "HEBREW": ({"he"}, "he"),
        "GREEK": ({"el"}, "el"),
        "ARMENIAN": ({"hy"}, "hy"),
        "GEORGIAN": ({"ka"}, "ka"),
    }
    if script in families:
        family, usual = families[script]
        return prior if prior in family else usual
    if script != "LATIN":
        return prior or UNKNOWN
    if prior and prior not in _OTHER_SCRIPTS:
        return prior
    return _latin(text)


def _cyrillic(text: str, prior: str) -> str:
    found = {name: sum(text.count(letter) for letter in letters) for name, letters in _LETTERS_ONLY_IN.items()}
    best = max(found, key=lambda name: found[name])
    if prior in _CYRILLIC and (not found[best] or found.get(prior, 0) or prior not in found):
        return prior
    return best if found[best] else "ru"


def _latin(text: str) -> str:
    votes: dict[str, int] = {}
    for word in _WORDS.findall(text):
        for language in _WORD_LANGUAGES.get(word, ()):
            votes[language] = votes.get(language, 0) + 1
    return max(votes, key=lambda name: votes[name]) if votes else UNKNOWN
