"""Makers of watches, and hypothesis strategies for terms, phrases and texts."""

from hypothesis import strategies as st

from monitor.core.phrase import phrase_problem
from monitor.core.watch import Field, Near, Watch, WatchTerm

WORDS = (
    "kim",
    "putin",
    "shells",
    "treaty",
    "North",
    "Korea",
    "мост",
    "войска",
    "Путин",
    "북한",
    "러시아",
    "朝鲜",
    "北",
    "ロシア",
)


def watch(*terms: WatchTerm) -> Watch:
    """A watch of these terms; its version does not matter to matching."""
    return Watch(terms=terms, version="test")


def texts() -> st.SearchStrategy[str]:
    """Short texts of known words, so that phrases are found now and then, and of wild characters."""
    known = st.lists(st.sampled_from([*WORDS, ".", ",", "-", "\n"]), max_size=12).map(" ".join)
    glued = st.lists(st.sampled_from([*WORDS, " ", "·", "이"]), max_size=8).map("".join)
    return st.one_of(known, glued, st.text(max_size=40))


def lines(longest: int) -> st.SearchStrategy[str]:
    """Text that may stand in a config: anything but control characters."""
    return st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=longest)


def phrases() -> st.SearchStrategy[str]:
    """Phrases that config check accepts."""
    plain = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join)
    wild = st.sampled_from(["shell*", "*reaty", "K*m", "войск*", "북*", "朝*", "/k.m/", "/\\bпут\\w+/"])
    return st.one_of(plain, wild, lines(8)).filter(lambda phrase: not phrase_problem(phrase))


def terms() -> st.SearchStrategy[WatchTerm]:
    """Terms as a file may hold them."""
    some = st.lists(phrases(), max_size=3).map(tuple)
    group = st.lists(phrases(), min_size=1, max_size=2).map(tuple)
    near = st.builds(
        lambda groups, words: Near(groups=tuple(groups), words=words),
        st.lists(group, min_size=2, max_size=3),
        st.integers(0, 20),
    )
    built = st.builds(
        WatchTerm,
        name=lines(12),
        any_of=some,
        all_of=some,
        none_of=some,
        near=st.lists(near, max_size=2).map(tuple),
        field=st.sampled_from(Field),
        languages=st.lists(st.sampled_from(["en", "ko", "ru"]), max_size=2, unique=True).map(tuple),
        tiers=st.lists(st.sampled_from(["wire", "official"]), max_size=2, unique=True).map(tuple),
        outlets=st.lists(lines(6), max_size=1).map(tuple),
        weight=st.floats(-20, 20),
        themes=st.lists(st.sampled_from(["sanctions", "durability"]), max_size=2, unique=True).map(tuple),
        always=st.booleans(),
        alert=st.booleans(),
    )
    return built.filter(lambda term: bool(term.any_of or term.all_of or term.near))
