import pytest

from lift_sys.ir import FillError, fill, unfilled

from .ir_edits import changed


def hole(name, kind="value", type_="int", **more):
    return {"id": name, "kind": kind, "type": type_, "description": "which one?", **more}


def test_a_hole_is_replaced_wherever_it_is_mentioned(grade):
    ir = changed(
        grade,
        effects=[
            {
                "description": "From ?low points on, not ?lower",
                "when": "score >= low",
                "return_values": ["A"],
                "holes": [hole("low")],
            }
        ],
        assertions=[{"predicate": "score < low or result == 'A'"}],
    )
    filled = fill(ir, {"low": 90})
    assert filled.effects[0].when == "score >= 90"
    assert filled.effects[0].description == "From 90 points on, not ?lower"
    assert filled.assertions[0].predicate == "score < 90 or result == 'A'"
    assert filled.effects[0].return_values == ("A",)
    assert unfilled(filled) == ()


def test_a_type_is_filled_by_its_name(grade):
    signature = {
        "name": "f",
        "returns": "list[element]",
        "parameters": [{"name": "x", "type": "element | None"}],
        "holes": [hole("element", "signature", "type")],
    }
    filled = fill(changed(grade, signature=signature), {"element": "dict[str, int]"})
    assert filled.signature.returns == "list[dict[str, int]]"
    assert filled.signature.parameters[0].type == "dict[str, int] | None"


@pytest.mark.parametrize(
    ("place", "kind", "value", "look"),
    [
        ("effect", "value", "too short", lambda ir: ir.effects[0].return_values == ("too short",)),
        (
            "effect",
            "implementation",
            "use a dict",
            lambda ir: ir.effects[0].implementation_hint == "use a dict",
        ),
        (
            "parameter",
            "signature",
            "list[int]",
            lambda ir: ir.signature.parameters[0].type == "list[int]",
        ),
        ("ir", "effect", "Log it", lambda ir: ir.effects[-1].description == "Log it"),
        (
            "ir",
            "effect",
            {"description": "d", "when": "x > 0"},
            lambda ir: ir.effects[-1].when == "x > 0",
        ),
        ("ir", "assertion", "result > 0", lambda ir: ir.assertions[-1].predicate == "result > 0"),
        ("ir", "intent", "yes", lambda ir: ir.intent.rationale.endswith("which one?: yes")),
        ("intent", "intent", "no", lambda ir: ir.intent.rationale == "which one?: no"),
    ],
)
def test_a_hole_that_nothing_mentions_goes_where_its_kind_belongs(grade, place, kind, value, look):
    holes = [hole("h", kind, "str")]
    fields = {
        "effect": {"effects": [{"description": "d", "holes": holes}]},
        "parameter": {
            "signature": {
                "name": "f",
                "returns": "int",
                "parameters": [{"name": "x", "type": "Any", "holes": holes}],
            },
            "effects": [],
            "assertions": [],
        },
        "ir": {"holes": holes},
        "intent": {"intent": {"summary": "s", "holes": holes}},
    }[place]
    filled = fill(changed(grade, **fields), {"h": value})
    assert unfilled(filled) == ()
    assert look(filled)


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("assertions", "value"),
        ("effects", "intent"),
        ("effects", "effect"),
        ("ir", "value"),
        ("ir", "signature"),
    ],
)
def test_a_filling_with_more_than_one_reading_is_refused(grade, place, kind):
    holes = [hole("h", kind)]
    fields = {
        "assertions": {"assertions": [{"predicate": "score > 0", "holes": holes}]},
        "effects": {"effects": [{"description": "d", "holes": holes}]},
        "ir": {"holes": holes},
    }[place]
    with pytest.raises(FillError, match="no one place"):
        fill(changed(grade, **fields), {"h": "x"})


def test_an_unknown_hole_is_told_with_the_nearest_right_one(grade):
    ir = changed(grade, holes=[hole("maximum", "intent")])
    with pytest.raises(FillError, match="did you mean maximum"):
        fill(ir, {"maximun": 1})
    with pytest.raises(FillError, match="none"):
        fill(grade, {"h": 1})


@pytest.mark.parametrize("value", [float("inf"), object(), open])
def test_only_literals_go_into_predicates(grade, value):
    ir = changed(grade, assertions=[{"predicate": "score > low", "holes": [hole("low")]}])
    with pytest.raises(FillError):
        fill(ir, {"low": value})


def test_a_loop_variable_of_the_same_name_is_not_replaced(grade):
    ir = changed(
        grade, assertions=[{"predicate": "all(low for low in [1])", "holes": [hole("low")]}]
    )
    with pytest.raises(FillError, match="loop variable"):
        fill(ir, {"low": 1})


def test_what_does_not_fit_is_told(grade):
    with pytest.raises(FillError, match="does not fit"):
        fill(changed(grade, holes=[hole("h", "effect")]), {"h": {"colour": "red"}})


def test_several_holes_at_once_and_one_after_the_other_are_the_same(grade):
    ir = changed(grade, effects=[{"description": "?a ?b", "holes": [hole("a"), hole("b")]}])
    both = fill(ir, {"a": 1, "b": 2})
    assert both == fill(fill(ir, {"a": 1}), {"b": 2})
    assert both.effects[0].description == "1 2"
    assert fill(ir, {}) == ir
