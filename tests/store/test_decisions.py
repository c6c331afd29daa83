"""Predictions and decisions come back as made; a decision is in force until the next."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.decision import Reason
from monitor.store import Store, articles, decisions
from tests.support.texts import VERSIONS, article, decision, prediction, sighting


def test_a_prediction_of_the_same_model_is_kept_as_first_made(store: Store, now: datetime) -> None:
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(article())], now=now)
        decisions.save_predictions(connection, [prediction()])
        decisions.save_predictions(connection, [prediction(probability=0.1)])
        assert decisions.load_predictions(connection, ["a1"], model="m1") == {"a1": prediction()}
        assert decisions.load_predictions(connection, ["a1"], model="m2") == {}


def test_the_last_decision_is_in_force_and_the_older_one_is_kept(store: Store, now: datetime) -> None:
    later = decision(
        versions=replace(VERSIONS, watch="w2"), digest=False, reasons=(Reason(kind="b", text="", weight=0),)
    )
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(article())], now=now)
        decisions.save_decisions(connection, [decision(), later])
        assert decisions.decisions_in_force(connection, ["a1"]) == {"a1": later}
        counted = decisions.count_decisions(connection, after=now - timedelta(seconds=1), until=now)
    assert counted == {"decided": 2, "flagged": 1}


def test_the_time_of_counting_is_open_at_its_start(store: Store, now: datetime) -> None:
    with store.write() as connection:
        articles.add_sightings(connection, "wire", [sighting(article())], now=now)
        decisions.save_decisions(connection, [decision()])
        assert decisions.count_decisions(connection, after=now, until=now)["decided"] == 0
