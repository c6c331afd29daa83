"""Training, predicting and explaining."""

import math
from datetime import timedelta

import numpy as np
import pytest

from monitor.classifier import Example, Trained, as_article, train
from monitor.core.theme import THEME_IDS
from monitor.errors import ClassifierError
from tests.classifier.conftest import MADE_AT


def text(title: str, summary: str = "", language: str = "en") -> Example:
    return Example(id=title, title=title, summary=summary, language=language, relevant=True)


def probability(trained: Trained, title: str, summary: str = "") -> float:
    return trained.model.predict([as_article(text(title, summary))], reasons=False)[0].probability


def test_the_same_seed_gives_the_same_model(examples: list[Example], trained: Trained) -> None:
    again = train(examples, seed=7, made_at=MADE_AT, product_version="test").model
    assert again.version == trained.model.version
    assert np.array_equal(again.weights.relevance, trained.model.weights.relevance)
    assert again.weights.bias == trained.model.weights.bias


def test_reasons_add_up_exactly_to_the_log_odds(examples: list[Example], trained: Trained) -> None:
    for prediction in trained.model.predict([as_article(example) for example in examples[:60]]):
        p = prediction.probability
        assert math.fsum(r.weight for r in prediction.reasons) == pytest.approx(math.log(p / (1 - p)), abs=1e-9)


def test_reasons_name_what_was_found(trained: Trained) -> None:
    (prediction,) = trained.model.predict([as_article(text("Kim Jong Un sends shells to Putin"))])
    said = " | ".join(reason.text for reason in prediction.reasons)
    assert "North Korea (kim jong un) and Russia (putin) in one sentence" in said
    assert "shells" in said


def test_there_are_few_reasons(examples: list[Example], trained: Trained) -> None:
    found = trained.model.predict([as_article(example) for example in examples[:60]])
    assert max(len(prediction.reasons) for prediction in found) <= 8


def test_a_prediction_without_reasons_is_the_same(examples: list[Example], trained: Trained) -> None:
    articles = [as_article(example) for example in examples[:40]]
    with_, without = trained.model.predict(articles), trained.model.predict(articles, reasons=False)
    assert [p.probability for p in with_] == [p.probability for p in without]


def test_an_article_is_judged_alike_alone_and_in_company(examples: list[Example], trained: Trained) -> None:
    articles = [as_article(example) for example in examples[:30]]
    together = [p.probability for p in trained.model.predict(articles, reasons=False)]
    alone = [trained.model.predict([article], reasons=False)[0].probability for article in articles]
    assert together == pytest.approx(alone, abs=1e-12)


def test_every_theme_has_a_probability(trained: Trained) -> None:
    (prediction,) = trained.model.predict([as_article(text("Kim visits Putin"))])
    assert set(prediction.themes) == set(THEME_IDS)
    assert all(0.0 <= p <= 1.0 for p in prediction.themes.values())


@pytest.mark.parametrize(
    ("relevant", "other"),
    [
        ("North Korea sends troops to Russia", "South Korea sends nurses to Germany"),
        ("金正恩会见普京", "习近平会见马克龙"),
        ("북한, 러시아에 포탄 지원", "한국, 폴란드에 전차 수출"),
        ("Ким Чен Ын и Путин подписали договор", "Лукашенко и Путин подписали договор"),
        ("Korea Północna wysyła żołnierzy do Rosji", "Korea Południowa wysyła czołgi do Polski"),
        ("露朝首脳会談 始まる", "日米首脳会談 始まる"),
    ],
)
def test_the_two_of_them_score_above_others(trained: Trained, relevant: str, other: str) -> None:
    assert probability(trained, relevant) > 0.5 > probability(trained, other)


@pytest.mark.parametrize("title", ["", " ", "\x00", "?!", "𝔎𝔦𝔪 🇰🇵", "a" * 100_000])
def test_strange_titles_are_predicted_too(trained: Trained, title: str) -> None:
    assert 0.0 <= probability(trained, title) <= 1.0


def test_nothing_to_predict_is_no_error(trained: Trained) -> None:
    assert trained.model.predict([]) == []


def test_the_digest_threshold_is_below_that_for_alerts(trained: Trained) -> None:
    thresholds = trained.model.card.thresholds
    assert 0.0 < thresholds.digest <= thresholds.alert < 1.0


def test_too_few_texts_are_refused() -> None:
    with pytest.raises(ClassifierError, match="too few labelled texts"):
        train([text("Kim meets Putin")], seed=1, made_at=MADE_AT, product_version="test")


def test_a_later_model_sorts_after_an_earlier(examples: list[Example], trained: Trained) -> None:
    later = train(examples[:200], seed=7, made_at=MADE_AT + timedelta(seconds=1), product_version="test").model
    assert later.version > trained.model.version
