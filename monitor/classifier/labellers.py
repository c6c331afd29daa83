"""How far each person's labels can be trusted, and what they weigh in training.

One-coin Dawid-Skene (1979) with the classifier as one more witness (Raykar et al. 2010): the truth of a text is
believed as far as a model that saw no label, and the other people who judged it, speak for it; a person's accuracy is
how often they agree with that. Both are estimated in turns until they settle.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

PRIOR = (18.0, 2.0)  # right and wrong labels that everybody is taken to have given before the first: 90 % right
CERTAIN = 0.98  # no witness is believed more than this, for each of them errs
ROUNDS, SETTLED = 300, 1e-7
DOUBTFUL = 0.65  # accuracy below which people should hear of it
TOLD_FROM = 10  # labels; of fewer nothing is said
ALIKE = 4  # so that two stories of one subject are hardly alike, and two reports of one event are
LARGEST_SHARE = 0.15  # of the corpus's weight, for the labels of any one person

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeller:
    """One person: how many texts they judged, how often they are right (estimated), what a label of theirs weighs.

    ``weight`` 1 is that of a person of whom nothing is known yet; 0 is that of somebody who might as well throw dice.
    """

    who: str
    labels: int
    accuracy: float
    weight: float

    @property
    def doubtful(self) -> bool:
        """So often wrong that people should hear of it."""
        return self.labels >= TOLD_FROM and self.accuracy < DOUBTFUL


def rate_labellers(
    judged: Sequence[tuple[str, str, bool]],
    prior: Mapping[str, float],
    *,
    budget: float,
    voices: Floats | None = None,
) -> dict[str, Labeller]:
    """Labellers by name.

    ``judged``: (text, who, relevant) of every label; ``prior``: of each text the probability by a model that saw no
    label; ``budget``: the most that the labels of one person may weigh together, where one label weighs 1;
    ``voices``: how much each label says of its labeller (1 where not given), less where texts are alike: a model that
    does not know a subject is wrong about all of its texts at once.
    """
    if not judged:
        return {}
    texts = {text: at for at, text in enumerate(dict.fromkeys(text for text, _, _ in judged))}
    people = {who: at for at, who in enumerate(dict.fromkeys(who for _, who, _ in judged))}
    text = np.array([texts[t] for t, _, _ in judged])
    person = np.array([people[w] for _, w, _ in judged])
    said = np.where([relevant for _, _, relevant in judged], 1.0, -1.0)
    believed = np.clip(np.array([prior[t] for t in texts]), 1 - CERTAIN, CERTAIN)
    voice = np.ones(len(judged)) if voices is None else voices
    accuracy = _accuracy(text, person, said, np.log(believed / (1 - believed)), voice, len(people))
    counts = np.bincount(person, minlength=len(people))
    usual = _log_odds(np.array([PRIOR[0] / sum(PRIOR)]))[0]
    weight = np.clip(_log_odds(accuracy) / usual, 0.0, 1.0)  # of a vote by its accuracy (Nitzan and Paroush 1982)
    weight *= np.minimum(1.0, budget / np.maximum(weight * counts, 1e-12))
    return {
        who: Labeller(who=who, labels=int(counts[at]), accuracy=float(accuracy[at]), weight=float(weight[at]))
        for who, at in people.items()
    }


def _accuracy(
    text: NDArray[np.int64], person: NDArray[np.int64], said: Floats, prior: Floats, voice: Floats, people: int
) -> Floats:
    """Expectation maximisation. ``said``: +1 or -1; ``prior``: log-odds a text.

    A label is judged by the other witnesses of its text: nobody confirms themselves, and a text of which the others
    know nothing says nothing about who judged it.
    """
    accuracy = np.full(people, PRIOR[0] / sum(PRIOR))
    heard = np.bincount(person, weights=voice, minlength=people)
    limit = np.log(CERTAIN / (1 - CERTAIN))
    for _ in range(ROUNDS):
        votes = said * _log_odds(accuracy)[person]
        others = (prior + np.bincount(text, weights=votes, minlength=len(prior)))[text] - votes
        for_it = np.clip(said * others, -limit, limit) + _log_odds(accuracy)[person]
        right = np.bincount(person, weights=voice / (1.0 + np.exp(-for_it)), minlength=people)
        fresh = (PRIOR[0] + right) / (sum(PRIOR) + heard)
        if np.abs(fresh - accuracy).max(initial=0.0) < SETTLED:
            break
        accuracy = fresh
    return accuracy


def voices_of(people: Sequence[str], rows: sparse.csr_matrix) -> Floats:
    """How much each label says of its labeller: 1 for a text unlike all others that they judged, 1/n for n equal ones.

    ``rows``: the features of each label's text. Likeness is the cosine to the power of ALIKE.
    """
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    unit = sparse.diags(1.0 / np.maximum(lengths, 1e-12)) @ rows
    names, voices = np.array(people), np.ones(len(people))
    for who in set(people):
        mine = np.flatnonzero(names == who)
        likeness = np.clip((unit[mine] @ unit[mine].T).toarray(), 0.0, 1.0) ** ALIKE
        voices[mine] = 1.0 / np.maximum(likeness.sum(axis=1), 1.0)
    return voices


def _log_odds(accuracy: Floats) -> Floats:
    held = np.clip(accuracy, 0.02, 0.98)
    odds: Floats = np.log(held / (1 - held))
    return odds
