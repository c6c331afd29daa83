"""Who said it first: the agencies, services and offices that a text attributes its news to."""

import re

from monitor.core.names import find_concepts

# Bodies that other outlets repeat. Their names are those of monitor.core.lexicon.
ORIGINS = {
    "KCNA": "KCNA",
    "the NIS": "NIS",
    "the JCS": "JCS",
    "ISW": "ISW",
    "HUR": "HUR",
    "Budanov": "HUR",
    "38 North": "38 North",
    "MSMT": "MSMT",
    "the Panel of Experts": "UN panel",
    "the White House": "White House",
    "Kirby": "White House",
    "the Pentagon": "Pentagon",
    "the State Department": "State Department",
    "the US Treasury": "US Treasury",
    "the Kremlin": "Kremlin",
    "Peskov": "Kremlin",
    "Ushakov": "Kremlin",
    "Zakharova": "Russian Foreign Ministry",
    "the IAEA": "IAEA",
    "BBC": "BBC",
    "Wall Street Journal": "Wall Street Journal",
    "Financial Times": "Financial Times",
    "New York Times": "New York Times",
    "Reuters": "Reuters",
}
_ATTRIBUTION = re.compile(
    r"\b(?:said|says|saying|told|report(?:s|ed|edly)?|according to|announced|confirm(?:s|ed)|"
    r"estimat\w+|assess\w*|citing|"
    r"laut|teilte|berichte\w+|zufolge|selon|d'après|a déclaré|según|dijo|informó|według|podał\w*|poinformowa\w+|podaje|"
    r"сообщи\w+|сообща\w+|заяви\w+|по данным|по информации|со ссылкой|передает|передаёт|повідоми\w+|"
    r"за даними)\b"
    r"|밝혔|전했|보도|발표|따르면|주장했|보고했|인용|表示|称|稱|报道|報道|報導|宣布|援引|发布|通报|伝えた|報じた|発表|明らかに|によると"
    r"|[—–:\-]\s*(?:kcna|nis|isw|kremlin|white house|pentagon|цтак|кремль|국정원|합참|朝中社)\b"
    r"|^(?:kcna|nis|isw|국정원|합참)\b",
    re.IGNORECASE,
)


def find_origins(text: str) -> tuple[str, ...]:
    """The origins that ``text`` names as such, each once, in order; none when it reports on its own."""
    if _ATTRIBUTION.search(text) is None:
        return ()
    return tuple(dict.fromkeys(ORIGINS[c.name] for c in find_concepts(text) if c.name in ORIGINS))
