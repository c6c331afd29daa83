"""Stored archives as the classifier's job leaves them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from monitor.core.article import Article
from monitor.core.decision import ModelCard, Prediction, Thresholds
from monitor.core.watch import WatchTerm
from monitor.jobs.classify_articles import classify_articles
from monitor.settings import Settings, print_term, read_watch
from monitor.store import Store, articles, models, runs
from tests.support.news import make_settings
from tests.support.texts import article, sighting

THRESHOLDS = Thresholds(digest=0.5, alert=0.95)


class Odds:
    """A classifier that reads its probability off the end of the title: ``Bridge opens %40``."""

    version = "m1"
    card = ModelCard(
        version="m1",
        made_at=datetime.fromisoformat("2026-01-01T00:00+00:00"),
        product_version="0",
        seed=0,
        corpus_digest="",
        corpus_items=0,
        labels=0,
        gazetteer_digest="",
        thresholds=THRESHOLDS,
        figures={},
    )

    def predict(self, articles: Sequence[Article], *, reasons: bool = True) -> list[Prediction]:  # noqa: ARG002
        return [
            Prediction(
                article_id=one.id,
                model=self.version,
                probability=int(one.title.rpartition("%")[2] or 1) / 100,
                themes={"sanctions": 0.9},
            )
            for one in articles
        ]


def settings_with(*terms: WatchTerm) -> Settings:
    """Settings whose watch has these terms, with its text."""
    text = "terms:\n" + "".join(map(print_term, terms)) if terms else "terms: []\n"
    return make_settings(watch=read_watch("watch.yaml", text), texts={"watch": text})


def article_id(title: str, at: datetime) -> str:
    """A hash, as real ids are."""
    return sha256(f"{title}-{at.isoformat()}".encode()).hexdigest()[:20]


def published(title: str, at: datetime, **changes: object) -> Article:
    """An article that was seen as soon as it was published."""
    key = article_id(title, at)
    url = f"https://wire.example/{key}"
    return replace(article(key, url=url, title=title, published_at=at, seen_at=at), **changes)  # type: ignore[arg-type]


def archive(store: Store, settings: Settings, shown: Iterable[Article]) -> None:
    """Store and decide the articles one day after the other, under ``settings``, whose watch is remembered."""
    with store.write() as connection:
        card = {"thresholds": {"digest": THRESHOLDS.digest, "alert": THRESHOLDS.alert, "themes": {}}}
        models.save_model(connection, version="m1", made_at=Odds.card.made_at, card=card, archive=b"")
        models.promote_model(connection, "m1", now=Odds.card.made_at)
    for one in sorted(shown, key=lambda one: one.seen_at):
        use_watch(store, settings, one.seen_at)
        with store.write() as connection:
            articles.add_sightings(connection, "wire", [sighting(one)], now=one.seen_at)
        classify_articles(store, settings, Odds(), now=one.seen_at + timedelta(minutes=5))


def use_watch(store: Store, settings: Settings, at: datetime) -> None:
    """Note that a run used this watch."""
    with store.write() as connection:
        runs.remember_version(connection, "watch", settings.watch.version, settings.texts["watch"], now=at)
