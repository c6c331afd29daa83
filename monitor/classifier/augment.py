"""What training reads of each example: the text itself and copies that teach what a corpus of this size cannot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.classifier.corpus import Example
from monitor.classifier.features import Reader

TITLE_ALONE = 0.5  # weight of a copy without its summary: a fifth of all feeds show titles only
SWAPPED = 0.3  # weight of a copy with one side's names put in place of another country's: it is not relevant
ONE_SIDED = 0.3  # weight of relevant texts that name one side only: the corpus has far more of them than feeds have
NORTH = ("DPRK", "PYONGYANG", "KIM", "KIMWEAK", "KIMCLAN", "NKPERSON", "NKPLACE", "NKARMS", "KOREA", "NORTH", "KCNA")
RUSSIA = ("RUSSIA", "PUTIN", "KREMLIN", "MOSCOW", "RUPERSON", "RUPLACE", "KURSK", "RUARMS", "OCCUPIED")
SWAPS = (
    dict.fromkeys(NORTH, "IRAN"),
    dict.fromkeys(RUSSIA, "CHINA"),
    dict.fromkeys(NORTH, "CHINA"),
    dict.fromkeys(RUSSIA, "US"),
)
NOTES = (
    f"augmentation: a copy with the title alone, at {TITLE_ALONE} of the weight",
    f"augmentation: of every relevant text a copy with one side's names swapped, not relevant, at {SWAPPED}",
    f"relevant texts that name one side only weigh {ONE_SIDED}",
)


@dataclass(frozen=True, slots=True)
class Text:
    """One row of the training matrix. ``owner``: index of the example; ``swapped`` rows teach relevance only."""

    owner: int
    features: list[str]
    weight: float
    relevant: bool
    swapped: bool = False


def training_texts(examples: Sequence[Example], reader: Reader) -> list[Text]:
    """The texts themselves in their order, then the copies."""
    own = []
    for index, example in enumerate(examples):
        features = reader.features(example.title, example.summary)
        doubtful = example.relevant and not {"cn:any NR", "cn:any KR"} & set(features)
        own.append(Text(index, features, example.weight * (ONE_SIDED if doubtful else 1.0), example.relevant))
    return own + [copy for example, text in zip(examples, own, strict=True) for copy in _copies(example, text, reader)]


def _copies(example: Example, text: Text, reader: Reader) -> Iterator[Text]:
    if example.summary:
        yield Text(text.owner, reader.features(example.title, ""), TITLE_ALONE * text.weight, example.relevant)
    if example.relevant:
        swaps = SWAPS[text.owner % len(SWAPS)]
        features = reader.features(example.title, example.summary, swaps=swaps)
        yield Text(text.owner, features, SWAPPED * example.weight, False, swapped=True)
