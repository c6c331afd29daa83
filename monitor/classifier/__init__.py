"""The classifier: the only home of scikit-learn, numpy and scipy. Texts in, probabilities with exact reasons out."""

from monitor.classifier.artifacts import load_model, pack_model, save_model, unpack_model
from monitor.classifier.compare import Difference, compare
from monitor.classifier.corpus import Example, as_article, from_labels, read_corpus, read_examples
from monitor.classifier.evaluate import Report, evaluate
from monitor.classifier.labellers import Labeller
from monitor.classifier.model import Model
from monitor.classifier.train import Trained, train

__all__ = [
    "Difference",
    "Example",
    "Labeller",
    "Model",
    "Report",
    "Trained",
    "as_article",
    "compare",
    "evaluate",
    "from_labels",
    "load_model",
    "pack_model",
    "read_corpus",
    "read_examples",
    "save_model",
    "train",
    "unpack_model",
]
