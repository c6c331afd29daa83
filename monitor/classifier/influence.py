"""Which labels moved what a model says of a text.

A linear model with an L2 penalty is a sum over its training texts: the score of a text is the sum of alpha_i times the
likeness of text i, where alpha_i is its weight times how far the model still is from its label (the representer
theorem; Yeh et al. 2018 explain predictions with it). Calibration is left out, so that it is exact up to a scale.
"""

from collections.abc import Sequence

import numpy as np

from monitor.classifier.corpus import Example, as_article
from monitor.classifier.model import Floats, Model


def influence(model: Model, labels: Sequence[Example], texts: Sequence[Example]) -> Floats:
    """How much each label speaks for (above 0) or against each text's being relevant: labels x texts.

    ``labels`` with the weights that they had in training. No unit: compare within one call.
    """
    if not labels or not texts:
        return np.zeros((len(labels), len(texts)), dtype=np.float32)
    known, asked = (model.matrix((e.title, e.summary) for e in some) for some in (labels, texts))
    probability = np.array([p.probability for p in model.predict([as_article(e) for e in labels], reasons=False)])
    pull = np.array([e.weight for e in labels]) * (np.array([e.relevant for e in labels]) - probability)
    moved: Floats = ((known @ asked.T).toarray() * pull[:, None]).astype(np.float32)
    return moved
