import math
from pathlib import Path

import pytest
from lift_sys_rules.classifier import Classifier, shipped, tokens
from lift_sys_rules.plugin import RulesOptions
from lift_sys_rules.router import Rules
from lift_sys_rules.train import accuracy, main, read

from lift_sys.interfaces import Limits, Task
from lift_sys.testing.conformance import RouterConformance

TRAINING = Path(__file__).parents[1] / "training"
REVERSE = "Reverse the words of a text, separated by single spaces."
OPTIONS = {
    "rules": [{"category": "string_manipulation", "route": "strong"}],
    "classify": 0.5,
}


class TestRulesThatClassify(RouterConformance):
    component = "rules"
    options = OPTIONS


def test_it_is_as_good_as_its_page_says_on_what_it_was_not_trained_on():
    held_out = read(TRAINING / "held_out.jsonl")
    trained_on = {line["request"] for line in read(TRAINING / "training.jsonl")}
    assert not trained_on & {line["request"] for line in held_out}
    found = accuracy(shipped(), held_out)
    assert found == shipped().accuracy
    page = (TRAINING.parent / "README.md").read_text(encoding="utf-8")
    for source, share in found.items():
        count = sum(line["from"] == source for line in held_out)
        assert f"| {count} | {share:.0%} |" in page, source
        assert share > 0.7, "chance is one in seven"


def test_it_can_be_trained_again(tmp_path, capsys):
    lines = (TRAINING / "training.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "some.jsonl").write_text("\n".join(lines[::12]))
    files = [tmp_path / "some.jsonl", TRAINING / "held_out.jsonl", tmp_path / "model.json"]
    assert main([str(file) for file in files]) == 0
    said = dict(line.split(": ") for line in capsys.readouterr().out.splitlines())
    model = Classifier.model_validate_json((tmp_path / "model.json").read_text())
    assert said == {source: f"{share:.1%}" for source, share in model.accuracy.items()}
    assert set(said) == {"generated", "phases", "corpus"}
    seen = accuracy(model, read(tmp_path / "some.jsonl"))
    assert sum(seen.values()) / len(seen) > 0.95, "it has learnt what it was shown"


def test_chances_are_those_of_a_softmax():
    model = Classifier(classes=("a", "b"), bias=(0.0, 1.0), weights={"yes": (2.0, 0.0)})
    assert model.guess("no") == ("b", pytest.approx(1 / (1 + math.exp(-1))))
    assert model.guess("Yes 'quoted yes'") == ("a", pytest.approx(1 / (1 + math.exp(-1))))


def test_what_is_quoted_is_no_word():
    assert "list" not in tokens("Return 'a list' and `list`.")
    assert {"return", "return and"} <= set(tokens("Return 'a list' and `list`."))


def route(**fields):
    router = Rules(RulesOptions.model_validate(OPTIONS), parts=None)
    return router.next(Task(id="t", request=REVERSE, **fields), (), Limits())


def test_a_category_is_taken_from_the_request_where_the_task_states_none():
    taken = route()
    assert taken.name == "strong"
    assert taken.reason.startswith(
        "rule 1: category is string_manipulation (by its request, string_manipulation, "
    )
    assert route(category="mathematical").reason == "no rule fits"


def test_an_unsure_guess_is_not_taken():
    router = Rules(RulesOptions.model_validate({**OPTIONS, "classify": 1.0}), parts=None)
    reason = router.next(Task(id="t", request="Do it."), (), Limits()).reason
    assert reason.startswith("no rule fits (the request may be ")
    assert reason.endswith(" sure: not taken)")
