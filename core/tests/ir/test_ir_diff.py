import re

import pytest
from hypothesis import given

from lift_sys.ir import IR, diff, digest
from lift_sys.ir.canonical import plain_data

from .ir_edits import changed
from .ir_strategies import irs


def effects(ir, *order, **edits):
    return [{**ir.effects[n].model_dump(), **edits.get(f"e{n}", {})} for n in order]


@given(irs(), irs())
def test_empty_exactly_when_equal(one, other):
    assert (diff(one, other) == ()) == (digest(one) == digest(other))
    assert diff(one, one) == ()


@given(irs(), irs())
def test_every_path_of_a_new_value_leads_to_it(one, other):
    for change in diff(one, other):
        if change.kind in ("added", "changed"):
            assert look_up(plain_data(other), change.path) == change.after


def look_up(data, path):
    for step in re.findall(r"\w+", path):
        data = data[int(step)] if step.isdecimal() else data[step]
    return data


def told(one, other):
    return [str(change) for change in diff(one, other)]


def test_a_field_is_named_by_its_path(grade):
    other = changed(grade, effects=effects(grade, 0, 1, 2, e1={"when": "score > 80"}))
    assert told(grade, other) == ["effects[1].when: score >= 80 -> score > 80"]


def test_values_show_their_type(grade):
    other = changed(grade, effects=effects(grade, 0, 1, 2, e2={"return_values": [True, "F", 1.0]}))
    assert told(grade, other) == [
        "effects[2].return_values[0]: added: true",
        "effects[2].return_values[2]: added: 1.0",
    ]


def test_an_inserted_element_is_one_addition(grade):
    new = {"description": "A plus", "when": "score == 100", "return_values": ["A+"]}
    changes = diff(grade, changed(grade, effects=[new, *effects(grade, 0, 1, 2)]))
    assert [(one.path, one.kind) for one in changes] == [("effects[0]", "added")]


def test_a_removed_element_is_one_removal(grade):
    changes = diff(grade, changed(grade, effects=effects(grade, 0, 2)))
    assert [(one.path, one.kind) for one in changes] == [("effects[1]", "removed")]


def test_a_moved_element_is_one_move(grade):
    assert told(grade, changed(grade, effects=effects(grade, 2, 0, 1))) == [
        "effects[2]: moved to effects[0]"
    ]


def test_moved_and_changed_are_both_told(grade):
    other = changed(grade, effects=effects(grade, 2, 0, 1, e2={"implementation_hint": "a dict"}))
    assert told(grade, other) == [
        "effects[2]: moved to effects[0]",
        "effects[0].implementation_hint: added: a dict",
    ]


def test_a_renamed_parameter_is_the_same_parameter(grade):
    signature = grade.signature.model_dump()
    signature["parameters"] = [{**signature["parameters"][0], "name": "points"}]
    assert told(grade, changed(grade, signature=signature)) == [
        "signature.parameters[0].name: score -> points"
    ]


def test_optional_fields_come_and_go(grade):
    other = changed(grade, intent={"summary": grade.intent.summary}, constraints=[])
    kinds = [(one.path, one.kind) for one in diff(grade, other)]
    assert kinds == [
        ("intent.rationale", "removed"),
        *((f"constraints[{n}]", "removed") for n in range(3)),
    ]


def test_what_steers_a_terminal_is_not_printed(grade):
    other = changed(grade, intent={"summary": "\x1b[31mred\u202e"})
    assert all(line.isprintable() for line in told(grade, other))


@pytest.mark.parametrize("count", [64])
def test_long_lists_of_long_texts_are_compared_in_reasonable_steps(count):
    def wide(word):
        return IR.model_validate(
            {
                "intent": {"summary": "s"},
                "signature": {"name": "f", "returns": "int"},
                "effects": [{"description": f"{word}{n} " * 200} for n in range(count)],
            }
        )

    assert len(diff(wide("a"), wide("b"))) == count


def test_what_an_effect_raises_is_told_by_its_path(grade):
    other = changed(grade, effects=effects(grade, 0, 1, 2, e2={"raises": "ValueError"}))
    assert any("effects[2].raises" in str(one) for one in diff(grade, other))
