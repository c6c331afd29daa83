"""Which labels moved a text: like ones, in the direction in which they speak, and heavier ones more."""

from dataclasses import replace

from monitor.classifier import Example, Trained
from monitor.classifier.influence import influence

BRIDGE = Example(
    id="t", title="Road bridge over the Tumen joins Russia and North Korea", summary="", language="en", relevant=True
)
LIKE = replace(BRIDGE, id="l1", title="Work on the Tumen road bridge begins", kind="label", who="ann")
OTHER = replace(BRIDGE, id="l2", title="Bakers' prize in Lyon goes to a newcomer", relevant=False, kind="label")


def test_a_like_label_moves_a_text_more_than_an_unlike_one(trained: Trained) -> None:
    like, other = influence(trained.model, [LIKE, OTHER], [BRIDGE])[:, 0]
    assert like > 0
    assert like > abs(other)


def test_the_opposite_label_pulls_the_other_way(trained: Trained) -> None:
    against = influence(trained.model, [replace(LIKE, relevant=False)], [BRIDGE])
    assert against[0, 0] < 0


def test_a_label_without_weight_moves_nothing(trained: Trained) -> None:
    assert influence(trained.model, [replace(LIKE, weight=0.0)], [BRIDGE])[0, 0] == 0
    assert influence(trained.model, [], [BRIDGE]).shape == (0, 1)
