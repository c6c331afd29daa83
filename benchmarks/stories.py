"""How well articles are grouped into stories, against three lexical peers.

    python benchmarks/stories.py [STORIES.jsonl [TEXTS.jsonl]]   a table (default: the project's own labelled set)
    python benchmarks/stories.py fit                             weights for monitor.core.group, from the own set
    python benchmarks/stories.py common                          what words weigh little, for monitor.core.common

STORIES: {id, story, ...} a line; TEXTS: {id, title, summary, lang, published, source} where STORIES has no texts.
Measures: BCubed (Bagga and Baldwin 1998) over all articles and over those of stories with several; recall and precision
of pairs across languages.
"""

import json
import math
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.feature_extraction.text import TfidfVectorizer

from monitor.core.article import Article
from monitor.core.fold import fold
from monitor.core.group import REACH, group_articles
from monitor.core.likeness import FEATURES, TEXT_LENGTH, pair_features, stems

HERE = Path(__file__).parent
OWN = HERE / "stories.jsonl"
CORPUS = HERE.parent / "models" / "corpus"

Grouping = Mapping[str, str]


def read(stories: Path, texts: Path | None = None) -> tuple[list[Article], dict[str, str]]:
    """Articles in order of time, and the story of each."""
    rows = [json.loads(line) for line in stories.read_text(encoding="utf-8").splitlines()]
    if texts is not None:
        known = {row["id"]: row for row in map(json.loads, texts.read_text(encoding="utf-8").splitlines())}
        rows = [{**known[row["id"]], **row} for row in rows]
    articles = sorted((to_article(row) for row in rows), key=lambda article: (article.published_at, article.id))
    return articles, {row["id"]: row["story"] for row in rows}


def to_article(row: Mapping[str, str]) -> Article:
    moment = datetime.fromisoformat(row["published"])
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Article(
        id=row["id"],
        feed_id="",
        outlet=row.get("source", ""),
        url="",
        title=row["title"],
        summary=row.get("summary") or "",
        language=row["lang"],
        published_at=moment,
        seen_at=moment,
    )


def bcubed(found: Grouping, gold: Grouping, ids: Sequence[str]) -> tuple[float, float, float]:
    """Precision, recall and F1, averaged over ``ids``."""
    by_found, by_gold = _members(found), _members(gold)
    both = [len(by_found[found[key]] & by_gold[gold[key]]) for key in ids]
    precision = sum(n / len(by_found[found[key]]) for n, key in zip(both, ids, strict=True)) / len(ids)
    recall = sum(n / len(by_gold[gold[key]]) for n, key in zip(both, ids, strict=True)) / len(ids)
    return precision, recall, 2 * precision * recall / (precision + recall)


def crossing(found: Grouping, gold: Grouping, articles: Sequence[Article]) -> tuple[float, float]:
    """Recall and precision of the pairs whose languages differ."""
    pairs = [(a.id, b.id) for a, b in combinations(articles, 2) if a.language != b.language]
    right = sum(found[a] == found[b] and gold[a] == gold[b] for a, b in pairs)
    wanted, made = sum(gold[a] == gold[b] for a, b in pairs), sum(found[a] == found[b] for a, b in pairs)
    return right / wanted if wanted else 0.0, right / made if made else 0.0


def _members(grouping: Grouping) -> dict[str, set[str]]:
    members: dict[str, set[str]] = defaultdict(set)
    for key, story in grouping.items():
        members[story].add(key)
    return members


def by_pairs(articles: Sequence[Article], alike: Callable[[int, int], bool]) -> Grouping:
    """Single-link grouping within REACH: how the peers are used."""
    root = list(range(len(articles)))

    def find(at: int) -> int:
        while root[at] != at:
            at = root[at]
        return at

    for a, b in combinations(range(len(articles)), 2):
        if abs(articles[a].published_at - articles[b].published_at) <= REACH and alike(a, b):
            root[find(b)] = find(a)
    return {article.id: str(find(at)) for at, article in enumerate(articles)}


def jaccard(articles: Sequence[Article]) -> Grouping:
    words = [set(fold(article.title).text.split()) for article in articles]
    return by_pairs(articles, lambda a, b: len(words[a] & words[b]) >= 0.55 * len(words[a] | words[b]))


def minhash(articles: Sequence[Article]) -> Grouping:
    prints = [_minhash(fold(f"{article.title} {article.summary}").text) for article in articles]
    return by_pairs(articles, lambda a, b: sum(x == y for x, y in zip(prints[a], prints[b], strict=True)) >= 32)


def _minhash(text: str, *, permutations: int = 64, width: int = 5) -> list[int]:
    shingles = {text[at : at + width] for at in range(max(1, len(text) - width + 1))}
    hashes = [int.from_bytes(blake2b(s.encode(), digest_size=8).digest(), "big") for s in shingles]
    return [min((h * (2 * k + 1) + k * 0x9E3779B97F4A7C15) & (2**64 - 1) for h in hashes) for k in range(permutations)]


def tfidf(articles: Sequence[Article]) -> Grouping:
    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform(f"{a.title} {a.summary}" for a in articles)
    cosine = (vectors @ vectors.T).toarray()
    return by_pairs(articles, lambda a, b: bool(cosine[a, b] >= 0.35))


def table(articles: Sequence[Article], gold: Grouping) -> None:
    multi = [key for members in _members(gold).values() if len(members) > 1 for key in members]
    print(
        f"{len(articles)} articles, {len(set(gold.values()))} stories, {len({a.language for a in articles})} languages"
    )
    print(f"{'':16}{'BCubed all':>12}{'of several':>12}{'crossing R':>12}{'crossing P':>12}{'ms/article':>12}")
    methods: dict[str, Callable[[Sequence[Article]], Grouping]] = {
        "title Jaccard": jaccard,
        "MinHash": minhash,
        "TF-IDF cosine": tfidf,
        "monitor": lambda held: dict(group_articles(held)),
    }
    for name, method in methods.items():
        start = time.perf_counter()
        found = method(articles)
        spent = 1000 * (time.perf_counter() - start) / len(articles)
        recall, precision = crossing(found, gold, articles)
        everything, several = bcubed(found, gold, [a.id for a in articles])[2], bcubed(found, gold, multi)[2]
        print(f"{name:16}{everything:12.3f}{several:12.3f}{recall:12.3f}{precision:12.3f}{spent:12.2f}")


# What the weights are before any pair is seen; those of features that are not named here are PRIOR_WEIGHT.
PRIOR = {"crosses": 0.0, "days": 1.2, "title_words": 3.0, "words": 2.0, "crossing_names": 1.5, "titles_in_text": 1.0}
PRIOR_WEIGHT = 0.5


def fit(*, strength: float = 3.0, distractors: int = 600, seed: int = 1) -> None:
    """Weights of a logistic regression that may not be negative, on pairs of the own set among unrelated articles."""
    articles, gold = read(OWN)
    chance = random.Random(seed)
    days = sorted({_midnight(article.published_at) for article in articles})
    others = chance.sample(corpus_rows(), distractors)
    noise = [to_article({**row, "published": str(chance.choice(days))}) for row in others]
    midnight = [replace(a, published_at=_midnight(a.published_at)) for a in articles]  # feeds often give a day only
    held = sorted([*midnight, *noise], key=lambda a: (a.published_at, a.id))
    pairs = [(a, b) for a, b in _near(held)]
    x = np.array([pair_features(a, b) for a, b in pairs])
    y = np.array([gold.get(a.id, a.id) == gold.get(b.id, b.id) for a, b in pairs]) * 2.0 - 1.0
    prior = np.array([PRIOR.get(name, PRIOR_WEIGHT) for name in FEATURES])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        z = y * (x @ w[:-1] + w[-1])
        apart, pull = w[:-1] - prior, -y / (1 + np.exp(z))
        gradient = np.append(x.T @ pull + 2 * strength * apart, pull.sum())
        return float(np.logaddexp(0, -z).sum() + strength * (apart**2).sum()), gradient

    bounds = [(None, None), *[(0, None)] * (len(prior) - 1), (None, None)]
    found = minimize(loss, np.append(prior, -5.0), jac=True, bounds=bounds, method="L-BFGS-B").x
    print(f"{len(pairs)} pairs, {int((y > 0).sum())} of one story; for monitor/core/likeness.py:")
    for name, weight in zip([*FEATURES, "BIAS"], found, strict=True):
        print(f'    "{name}": {weight:.2f},')


def common() -> None:
    """Stems that 2 % of the texts of a language or more have, for monitor/core/common.py: fifths of a full weight."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    texts = Counter[str]()
    for article in [*map(to_article, corpus_rows()), *read(OWN)[0]]:
        texts[article.language] += 1
        seen[article.language].update(stems(f"{article.title} . {article.summary[:TEXT_LENGTH]}"))
    weights: dict[str, float] = {}
    for language, counts in seen.items():
        for stem, count in counts.items():
            share = count / texts[language]
            if texts[language] >= 30 and count >= 4 and share >= 0.02:
                weights[stem] = min(weights.get(stem, 1.0), max(1, round(math.log(1 / share))) / 5)
    for weight in (0.2, 0.4, 0.6):
        print(f"{weight}: {' '.join(sorted(stem for stem, found in weights.items() if found == weight))}")


def corpus_rows() -> list[dict[str, str]]:
    """The relevant texts of the training corpus, each given some day."""
    rows = [json.loads(line) for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text().splitlines()]
    return [{"published": "2026-01-01", **row} for row in rows if row["relevant"]]


def _near(held: Sequence[Article]) -> Iterable[tuple[Article, Article]]:
    for at, article in enumerate(held):
        for other in reversed(held[:at]):
            if article.published_at - other.published_at > REACH:
                break
            yield article, other


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["fit"]:
            fit()
        case ["common"]:
            common()
        case paths:
            table(*read(*(Path(path) for path in paths or [str(OWN)])))
