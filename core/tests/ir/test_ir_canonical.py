import json
import random

import pytest
from hypothesis import given

from lift_sys.ir import IR, canonical_json, digest, meaning, meaning_digest

from .ir_edits import changed
from .ir_strategies import irs


@given(irs())
def test_every_way_through_json_keeps_the_ir_and_its_digest(ir):
    again = IR.model_validate_json(ir.model_dump_json())
    assert again.model_dump_json() == ir.model_dump_json()
    assert digest(again) == digest(ir)
    assert digest(IR.model_validate_json(canonical_json(ir))) == digest(ir)
    assert canonical_json(IR.model_validate_json(canonical_json(ir))) == canonical_json(ir)


def shuffled(data, dice):
    if isinstance(data, dict):
        names = list(data)
        dice.shuffle(names)
        return {name: shuffled(data[name], dice) for name in names}
    return [shuffled(item, dice) for item in data] if isinstance(data, list) else data


@given(irs())
def test_key_order_white_space_and_default_fields_make_no_difference(ir):
    full = ir.model_dump(mode="json")
    text = json.dumps(shuffled(full, random.Random(1)), indent=3)
    assert digest(IR.model_validate_json(text)) == digest(ir)


def test_where_it_came_from_makes_no_difference(grade):
    assert digest(changed(grade, provenance={"source": "person"})) == digest(grade)


@pytest.mark.parametrize(("one", "other"), [(1, True), (1, 1.0), (0.0, -0.0), (0, False), ("1", 1)])
def test_values_of_different_types_differ(grade, one, other):
    first, second = (
        changed(grade, effects=[{"description": "d", "return_values": [value]}])
        for value in (one, other)
    )
    assert digest(first) != digest(second)
    assert meaning_digest(first) != meaning_digest(second)


@pytest.mark.parametrize("value", ["", None, [None], ["", None]])
def test_an_empty_return_value_is_a_value(grade, value):
    values = value if isinstance(value, list) else [value]
    with_it = changed(grade, effects=[{"description": "d", "return_values": values}])
    assert digest(with_it) != digest(changed(grade, effects=[{"description": "d"}]))


def test_what_an_effect_raises_is_part_of_what_it_means(grade):
    plain, raising, other = (
        changed(grade, effects=[{"description": "d", "when": "score < 0", "raises": error}])
        for error in (None, "ValueError", "TypeError")
    )
    assert len({digest(plain), digest(raising), digest(other)}) == 3
    assert len({meaning_digest(plain), meaning_digest(raising), meaning_digest(other)}) == 3


def specified(names, function, predicates, when, types=("int", "int"), **more):
    return IR.model_validate(
        {
            "intent": {"summary": "s", **more},
            "signature": {
                "name": function,
                "parameters": [{"name": n, "type": t} for n, t in zip(names, types)],
                "returns": "Optional[int]",
            },
            "effects": [{"description": "one", "when": when, "return_values": [1]}],
            "assertions": [{"predicate": one} for one in predicates],
        }
    )


def test_prose_names_order_and_spelling_do_not_change_the_meaning():
    first = specified(
        ["a", "b"],
        "add",
        [
            "result > a",
            "add(1, b=2) == 3",
            "result == a+b",
            "all(x > a for x in [b])",
            "old_a == a",
            "not a in [b]",
        ],
        "a>b",
    )
    second = specified(
        ["left", "b0"],
        "plus",
        [
            "all(y > left for y in [b0])",
            "left + b0 == result",
            "(left < result)",
            "3 == plus(1, b0=2)",
            "left not in [b0]",
            "left == old_left",
        ],
        "b0 < left",
        rationale="quite another prose",
    )
    assert meaning(first) == meaning(second)
    assert meaning_digest(first) == meaning_digest(second)
    assert digest(first) != digest(second)


def test_swapped_parameters_do_not_become_one_another():
    first = specified(["a", "b"], "f", ["result == a - b"], "a > 0")
    second = specified(["b", "a"], "f", ["result == a - b"], "a > 0")
    third = specified(["b", "a"], "f", ["result == b - a"], "b > 0")
    assert meaning_digest(first) != meaning_digest(second)
    assert meaning_digest(first) == meaning_digest(third)


def test_a_parameter_used_as_loop_variable_is_another_name_inside():
    first = specified(["x", "y"], "f", ["all(x > 0 for x in x)"], None)
    second = specified(["p", "q"], "f", ["all(z > 0 for z in p)"], None)
    assert meaning_digest(first) == meaning_digest(second)


@pytest.mark.parametrize(
    "predicates",
    [
        ["result < a"],
        ["result > b"],
        ["f(1, 2) == 4"],
        ["f(2, 1) == 3"],
        ["f(1, 2) raises ValueError"],
        [],
    ],
)
def test_other_demands_are_another_meaning(predicates):
    assert meaning_digest(specified(["a", "b"], "f", predicates, None)) != meaning_digest(
        specified(["a", "b"], "f", ["result > a", "f(1, 2) == 3"], None)
    )


def test_types_are_part_of_the_meaning_and_spelling_is_not():
    one = specified(["a"], "f", [], None, types=["Optional[List[int]]"])
    same = specified(["a"], "f", [], None, types=["list[int] | None"])
    other = specified(["a"], "f", [], None, types=["list[int]"])
    assert meaning_digest(one) == meaning_digest(same) != meaning_digest(other)


def test_truth_tables_stand_in_for_predicates():
    one = specified(["a", "b"], "f", ["result > 0"], "a > 0")
    other = specified(["a", "b"], "f", ["result >= 1"], "not a <= 0")
    tables = {"assertions[0].predicate": "t1", "effects[0].when": "t2"}
    assert meaning_digest(one) != meaning_digest(other)
    assert meaning_digest(one, tables) == meaning_digest(other, tables)


@given(irs())
def test_every_ir_has_a_meaning(ir):
    assert len(meaning_digest(ir)) == 64
