"""`python -m lift_sys_rules.train TRAINING.jsonl HELD_OUT.jsonl MODEL.json`

Each line: {"request": ..., "category": ..., "from": ...}. Needs scikit-learn
(`pip install "lift-sys-rules[train]"`); what it writes does not. Prints the accuracy on what was
held out, by where that is from.
"""

import importlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from .classifier import Classifier, tokens

LEAST: Final = 5
"""Tokens of fewer requests are left out."""
STRENGTH: Final = 0.3
DIGITS: Final = 3


def train(lines: Sequence[Mapping[str, str]]) -> Classifier:
    text: Any = importlib.import_module("sklearn.feature_extraction.text")
    linear: Any = importlib.import_module("sklearn.linear_model")
    counter = text.CountVectorizer(analyzer=tokens, binary=True, min_df=LEAST)
    counts = counter.fit_transform([line["request"] for line in lines])
    model = linear.LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=2000)
    model.fit(counts, [line["category"] for line in lines])
    by_token = zip(counter.get_feature_names_out(), model.coef_.T.tolist(), strict=True)
    return Classifier(
        classes=tuple(map(str, model.classes_)),
        bias=_rounded(model.intercept_.tolist()),
        weights={str(token): _rounded(weights) for token, weights in by_token},
    )


def accuracy(model: Classifier, lines: Iterable[Mapping[str, str]]) -> dict[str, float]:
    right: dict[str, list[bool]] = defaultdict(list)
    for line in lines:
        right[line["from"]].append(model.guess(line["request"]).category == line["category"])
    return {source: round(sum(each) / len(each), DIGITS) for source, each in right.items()}


def read(path: Path) -> list[dict[str, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 3:
        sys.stderr.write(__doc__ or "")
        return 2
    training, held_out, written = map(Path, arguments)
    model = train(read(training))
    model = model.model_copy(update={"accuracy": accuracy(model, read(held_out))})
    written.write_text(model.model_dump_json() + "\n", encoding="utf-8")
    for source, share in model.accuracy.items():
        sys.stdout.write(f"{source}: {share:.1%}\n")
    return 0


def _rounded(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(value, DIGITS) for value in values)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
