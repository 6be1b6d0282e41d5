"""The page `Does it pay?` says what its data file says: all of it is made of that."""

import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))

from paying.drawing import STAGES, Unit, drawn, read_pool
from paying.page import EARLIER, MAIN, PAGE, PICTURES, files, sentences

from lift_sys import Pipeline
from lift_sys.evaluation.pools import by
from lift_sys.interfaces import Task

ROOT = Path(__file__).resolve().parents[1]
AGAIN = "python benchmarks/does_it_pay.py page FOLDER"


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    path = ROOT / "benchmarks" / "results" / "does_it_pay.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_page_and_pictures_are_those_of_the_figures(figures: dict[str, Any]):
    for name, made in files(figures).items():
        assert (ROOT / name).read_text(encoding="utf-8") == made, f"{name} is stale: {AGAIN}"


def test_the_page_begins_with_five_sentences_and_the_readme_shows_its_picture(
    figures: dict[str, Any],
):
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    told = re.findall(r"^(\d)\. (.+)$", page, re.MULTILINE)
    assert [text for _, text in told] == sentences(figures)
    assert len(told) == 5
    assert f"]({PICTURES / MAIN})" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_what_is_said_turns_with_the_figures(figures: dict[str, Any]):
    """A gain that may be none is not called one."""
    best = figures["best"]
    surely, hardly = (
        sentences({**figures, "best": {**best, "gain": [gain, low, 1.0]}})[0]
        for gain, low in ((0.3, 0.1), (0.1, -0.1))
    )
    assert surely.startswith("More draws pay")
    assert "is not shown here" in hardly


def test_the_figures_hold_together(figures: dict[str, Any]):
    for curves in figures["curves"].values():
        for rule in curves.values():
            for each in rule:
                value, low, high = each["right"]
                assert low <= value <= high
                assert value <= each["oracle"][0] + 1e-9, "nobody takes more than there is"
                assert abs(each["regret"] - (each["oracle"][0] - value)) < 1e-9
        firsts = {round(rule[0]["right"][0], 9) for rule in curves.values()}
        assert len(firsts) == 1, "of one draw all take the same"


@pytest.mark.parametrize("name", [MAIN, EARLIER])
def test_pictures_read_on_light_and_dark_ground(name: str):
    text = (ROOT / PICTURES / name).read_text(encoding="utf-8")
    ElementTree.fromstring(text)
    assert "prefers-color-scheme:dark" in text


async def test_a_pool_holds_the_draws_that_best_of_n_makes(tmp_path: Path):
    """The run draws nothing anew, and takes a code that is among the best of the pool."""
    line = (ROOT / "examples" / "quickstart" / "task.jsonl").read_text(encoding="utf-8")
    task = Task.model_validate_json(line)
    provider = {"use": "embedded", "refuse": False}
    await drawn(Unit(tmp_path, provider, 0.8, 4, (line,)))
    pool = read_pool(tmp_path, 0.8, task.id)
    assert pool is not None
    assert len(pool.draws) == 4
    best = {"use": "best-of-n", "n": 4, "rounds": "one", "distinct": 0}
    document = {
        "version": 1,
        "seed": 1,
        "record": str(tmp_path / "store.db"),
        "providers": {"base": provider},
        "sampling": {"max_tokens": 256, "temperature": 0.8, "logprobs": True},
        "stages": {**STAGES, "attempt": {"strategy": best, "scorers": ["execution"]}},
    }
    async with Pipeline.load(document).open() as session:
        result = await session.solve(task)
    assert (result.spend.calls, result.spend.cached_calls > 0) == (0, True)
    assert result.solution is not None
    assert result.solution.code is not None
    place = by("execution")(pool.draws)
    assert place is not None
    top = pool.draws[place].scores["execution"]
    good = {pool.codes[d.code] for d in pool.draws if d.code and d.scores["execution"] == top}
    assert result.solution.code.source in good
