"""The queue of clicks, what people muted, and labels taken back, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta

from monitor.core.click import Click, Mute
from monitor.core.decision import Label
from monitor.store import Store, articles, clicks, labels, mutes, prune
from tests.support.news import make_stories, put_stories

HOUR = timedelta(hours=1)


def make_click(now: datetime, key: str = "k", **values: object) -> Click:
    made = Click(
        key=key, at=now, who="U1", name="anna", channel="C1", verb="relevant", words="st-1 a1", answer_url="https://x"
    )
    return replace(made, **values)  # type: ignore[arg-type]


def test_a_click_that_comes_again_changes_nothing(store: Store, now: datetime) -> None:
    first = make_click(now)
    with store.write() as connection:
        clicks.add_clicks(connection, [first, first])
        clicks.move_clicks(connection, ["k"], "done")
    with store.write() as connection:
        clicks.add_clicks(connection, [replace(first, verb="irrelevant")])
        assert clicks.count_clicks(connection) == {"done": 1}
        assert clicks.clicks_in(connection, "done", limit=9) == (first,)


def test_clicks_come_in_the_order_in_which_they_were_made(store: Store, now: datetime) -> None:
    with store.write() as connection:
        clicks.add_clicks(connection, [make_click(now + n * HOUR, f"k{n}") for n in (2, 0, 1)])
    with store.read() as connection:
        assert [click.key for click in clicks.clicks_in(connection, "queued", limit=2)] == ["k0", "k1"]


def test_the_last_undo_of_each_person_and_article_is_known(store: Store, now: datetime) -> None:
    undo = [make_click(now + n * HOUR, f"k{n}", verb="undo") for n in range(3)]
    with store.write() as connection:
        clicks.add_clicks(connection, [*undo, make_click(now, "other", verb="undo", who="U2", words="st-2 a2")])
        assert clicks.undone(connection, ["a1"]) == {("U1", "a1"): now + 2 * HOUR}


def test_people_are_called_as_they_were_last(store: Store, now: datetime) -> None:
    with store.write() as connection:
        clicks.add_clicks(connection, [make_click(now, "new", name="ann"), make_click(now - HOUR, "old")])
        assert clicks.names_of(connection, ["U1", "U2"]) == {"U1": "ann"}


def test_only_what_is_over_is_forgotten_with_time(store: Store, now: datetime) -> None:
    with store.write() as connection:
        clicks.add_clicks(connection, [make_click(now - HOUR, "done"), make_click(now - HOUR, "open")])
        clicks.move_clicks(connection, ["done"], "done")
        prune.delete_clicks(connection, before=now, limit=9)
        assert clicks.count_clicks(connection) == {"queued": 1}


def test_the_clicks_of_one_person_can_be_erased(store: Store, now: datetime) -> None:
    with store.write() as connection:
        clicks.add_clicks(connection, [make_click(now, "a"), make_click(now, "b", who="U2")])
        assert clicks.erase_clicks(connection, "U1") == 1
        assert [click.who for click in clicks.clicks_in(connection, "queued", limit=9)] == ["U2"]


def test_a_mute_ends_by_itself_and_by_hand(store: Store, now: datetime) -> None:
    mute = Mute(outlet="Harbour Post", until=now + HOUR, who="U1", name="anna", at=now)
    longer = replace(mute, until=now + 2 * HOUR, who="U2")
    with store.write() as connection:
        mutes.mute_outlet(connection, mute)
        mutes.mute_outlet(connection, longer)
        assert mutes.mutes_at(connection, now + HOUR) == (longer,)
        assert mutes.mutes_at(connection, now + 2 * HOUR) == ()
        assert mutes.unmute_outlet(connection, "Harbour Post")
        assert not mutes.unmute_outlet(connection, "Harbour Post")


def test_labels_are_taken_back_by_their_person_and_up_to_a_moment(store: Store, now: datetime) -> None:
    label = Label(article_id="a1", kind="relevance", value="1", who="U1", at=now, text="t")
    others = [replace(label, who="U2"), replace(label, at=now + HOUR), replace(label, article_id="a2")]
    with store.write() as connection:
        labels.add_labels(connection, [label, *others])
        assert labels.withdraw_labels(connection, "U1", ["a1"], until=now) == 1
        assert labels.all_labels(connection) == others
        assert labels.labels_of(connection, ["a2"]) == others[2:]


def test_the_archive_is_searched_for_all_words_without_case_and_without_wild_cards(store: Store, now: datetime) -> None:
    put_stories(store, make_stories(6), decided_at=now)
    with store.read() as connection:

        def found(*words: str) -> list[str]:
            return [article.id for article in articles.search_articles(connection, words, limit=99)]

        assert found("DELEGATION", "number", "14") == ["a00014"]
        assert len(found("harbour")) == 16
        assert found("%") == found("delega_ion") == []
