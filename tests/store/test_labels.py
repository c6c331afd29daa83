"""Labels and looks below the line are kept as they were given, on both databases."""

from datetime import timedelta

from monitor.core.decision import Label
from monitor.core.review import Review, Sampled, Stratum
from monitor.store import Store, labels, reviews
from tests.conftest import NOW


def label(article_id: str = "a1", value: str = "1", who: str = "ann", *, hours: int = 0) -> Label:
    return Label(
        article_id=article_id,
        kind="relevance",
        value=value,
        who=who,
        at=NOW + timedelta(hours=hours),
        text="A title\nand a summary",
        model="m1",
        language="ko",
        source="terminal",
    )


def test_a_label_comes_back_as_it_was_given(store: Store) -> None:
    with store.write() as connection:
        labels.add_labels(connection, [label(), label(who="bob", value="0")])
    with store.read() as connection:
        assert labels.all_labels(connection) == [label(), label(who="bob", value="0")]
        assert labels.all_labels(connection, who="bob") == [label(who="bob", value="0")]


def test_importing_the_same_labels_again_adds_nothing(store: Store) -> None:
    with store.write() as connection:
        assert labels.import_labels(connection, [label(), label("a2"), label("a2")]) == 2
        assert labels.import_labels(connection, [label("a2"), label("a3")]) == 1


def test_erasing_a_person_leaves_the_others(store: Store) -> None:
    with store.write() as connection:
        labels.add_labels(connection, [label(), label("a2"), label(who="bob")])
        assert labels.erase_labels(connection, who="ann") == 2
        assert labels.erase_labels(connection, who="nobody") == 0
    with store.read() as connection:
        assert [held.who for held in labels.all_labels(connection)] == ["bob"]


def test_what_was_taken_back_is_gone_and_what_was_said_later_stays(store: Store) -> None:
    with store.write() as connection:
        labels.add_labels(connection, [label(), label("a2"), label(value="0", hours=2)])
        assert labels.withdraw_labels(connection, "ann", ["a1"], until=NOW + timedelta(hours=1)) == 1
    with store.read() as connection:
        assert [held.value for held in labels.labels_of(connection, ["a1"])] == ["0"]


def test_labels_are_counted_since_a_moment(store: Store) -> None:
    with store.write() as connection:
        labels.add_labels(connection, [label(), label("a2", hours=2)])
    with store.read() as connection:
        assert labels.count_labels(connection, since=NOW) == 1
        assert labels.count_labels(connection, since=None) == 2


def test_a_review_comes_back_as_it_was_drawn(store: Store) -> None:
    drawn = [
        Review(
            drawn_at=NOW + timedelta(days=7 * week),
            since=NOW + timedelta(days=7 * week - 7),
            model="m1",
            threshold=0.3,
            strata=(Stratum(held=3, expected=2.5), Stratum(held=9, expected=0.4)),
            articles=(
                Sampled(article_id=f"z{week}", stratum=1, score=0.2),
                Sampled(article_id="a", stratum=0, score=0.9),
            ),
        )
        for week in range(2)
    ]
    with store.write() as connection:
        for review in drawn:
            reviews.save_review(connection, review)
    with store.read() as connection:
        assert reviews.reviews_since(connection, NOW) == drawn
        assert reviews.reviews_since(connection, NOW + timedelta(days=1)) == drawn[1:]
        assert reviews.last_sample(connection) == ["z1", "a"]
