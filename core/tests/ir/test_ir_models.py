import pytest
from pydantic import ValidationError

from lift_sys.ir import IR, Effect, Hole, Intent, Parameter, Signature, unfilled


def make(**fields):
    base = {"intent": {"summary": "s"}, "signature": {"name": "f", "returns": "int"}}
    return IR.model_validate({**base, **fields})


def hole(name, kind="value", **more):
    return {"id": name, "kind": kind, "type": "int", "description": "what?", **more}


def test_holes_of_every_kind_stand_anywhere_and_are_told_with_their_path():
    kinds = ["intent", "signature", "effect", "assertion", "value", "implementation"]
    ir = make(
        intent={"summary": "s", "holes": [hole("a", kinds[0])]},
        signature={
            "name": "f",
            "parameters": [
                {"name": "x", "type": "int"},
                {"name": "y", "type": "int", "holes": [hole("b", kinds[1])]},
            ],
            "returns": "int",
            "holes": [hole("c", kinds[2])],
        },
        effects=[{"description": "d", "holes": [hole("d", kinds[3])]}],
        assertions=[{"predicate": "x", "holes": [hole("e", kinds[4]), hole("g", kinds[5])]}],
        holes=[hole("h")],
    )
    assert [(path, one.id) for path, one in unfilled(ir)] == [
        ("intent.holes[0]", "a"),
        ("signature.holes[0]", "c"),
        ("signature.parameters[1].holes[0]", "b"),
        ("effects[0].holes[0]", "d"),
        ("assertions[0].holes[0]", "e"),
        ("assertions[0].holes[1]", "g"),
        ("holes[0]", "h"),
    ]


def test_two_holes_of_one_name_are_refused_wherever_they_stand():
    with pytest.raises(ValidationError, match="two holes are called 'a'"):
        make(intent={"summary": "s", "holes": [hole("a")]}, holes=[hole("a")])


def test_two_parameters_of_one_name_are_refused():
    with pytest.raises(ValidationError, match="two parameters are called 'x'"):
        Signature(
            name="f",
            returns="int",
            parameters=(Parameter(name="x", type="int"), Parameter(name="x", type="str")),
        )


@pytest.mark.parametrize(
    "name", ["", "1a", "class", "a b", "__import__", "a-b", "\uff58", "x" * 101, "a\n"]
)
def test_what_cannot_be_a_name_is_refused(name):
    with pytest.raises(ValidationError):
        Parameter(name=name, type="int")


@pytest.mark.parametrize(
    "type_", ["list of ints", "f()", "__import__('os')", "int if x else str", "'Node'", ""]
)
def test_what_is_no_type_is_refused(type_):
    with pytest.raises(ValidationError):
        Parameter(name="x", type=type_)


def test_return_values_keep_their_type_exactly():
    values = (True, 1, 1.0, -0.0, None, "1", "", 10**30)
    effect = Effect(description="d", return_values=values)
    again = Effect.model_validate_json(effect.model_dump_json())
    assert [(type(v), repr(v)) for v in again.return_values] == [(type(v), repr(v)) for v in values]


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "\ud800", 10**2000, [1], {}, "x" * 2001]
)
def test_return_values_that_have_no_json_form_are_refused_with_one_error(value):
    with pytest.raises(ValidationError) as caught:
        Effect(description="d", return_values=(value,))
    assert caught.value.error_count() == 1


def test_an_effect_says_which_exception_it_raises():
    effect = Effect(description="d", raises="ValueError")
    assert Effect.model_validate_json(effect.model_dump_json()).raises == "ValueError"
    assert Effect(description="d", raises=" ").raises is None


def test_a_raised_exception_must_be_one_of_python():
    with pytest.raises(ValidationError, match="did you mean ValueError"):
        Effect(description="d", raises="ValuError")


def test_blank_optional_texts_are_none_and_texts_are_stripped():
    effect = Effect(description="  d ", when="  ", order_constraint="")
    assert (effect.description, effect.when, effect.order_constraint) == ("d", None, None)


def test_a_wrong_predicate_is_no_matter_of_shape():
    assert make(assertions=[{"predicate": "result =="}]).assertions[0].predicate == "result =="


def test_sizes_are_bounded():
    for fields in (
        {"intent": {"summary": "x" * 2001}},
        {"effects": [{"description": "d"}] * 65},
        {"assertions": [{"predicate": "x"}] * 129},
        {
            "signature": {
                "name": "f",
                "returns": "int",
                "parameters": [{"name": f"x{i}", "type": "int"} for i in range(33)],
            }
        },
    ):
        with pytest.raises(ValidationError):
            make(**fields)


def test_everything_is_frozen_and_closed():
    with pytest.raises(ValidationError):
        Intent(summary="s").summary = "t"
    with pytest.raises(ValidationError):
        Hole.model_validate({**hole("a"), "colour": "red"})
