import pytest
from hypothesis import given

from lift_sys.ir import assertions, check, conditions

from .ir_edits import changed
from .ir_strategies import irs


def told(ir):
    return [(one.path, one.severity) for one in check(ir)]


def test_a_right_ir_has_no_problems(grade):
    assert check(grade) == ()


def test_every_problem_is_told_at_once_with_its_path(grade):
    ir = changed(
        grade,
        effects=[
            {"description": "d", "when": "scor > 1"},
            {"description": "d", "when": "result > 1"},
        ],
        assertions=[
            {"predicate": "result =="},
            {"predicate": "result > 0"},
            {"predicate": "open('x')"},
        ],
        holes=[
            {
                "id": "score",
                "kind": "value",
                "type": "int",
                "description": "d",
                "constraints": ["score > 0", "1 +"],
            }
        ],
    )
    problems = check(ir)
    assert [one.path for one in problems] == [
        "holes[0].id",
        "effects[0].when",
        "effects[1].when",
        "assertions[0].predicate",
        "assertions[2].predicate",
        "holes[0].constraints[1]",
    ]
    assert "did you mean `score`" in problems[1].message
    assert "before there is a result" in problems[2].message


@pytest.mark.parametrize(
    ("name", "parameters", "expected"),
    [
        ("getGrade", ["x"], [("signature.name", "warning")]),
        ("f", ["result"], [("signature.parameters[0].name", "warning")]),
        ("f", ["f"], [("signature.parameters[0].name", "error")]),
        ("f", ["x", "old_x"], [("signature.parameters[1].name", "error")]),
        ("f", ["old_x"], []),
    ],
)
def test_names_that_mean_two_things(grade, name, parameters, expected):
    signature = {
        "name": name,
        "returns": "int",
        "parameters": [{"name": one, "type": "int"} for one in parameters],
    }
    assert told(changed(grade, signature=signature, effects=[], assertions=[])) == expected


def test_unknown_types_are_a_warning_with_the_nearest_known_one(grade):
    signature = {
        "name": "f",
        "returns": "strr",
        "parameters": [{"name": "x", "type": "list[TreeNode]"}],
    }
    problems = check(changed(grade, signature=signature, effects=[], assertions=[]))
    assert [(one.path, one.severity) for one in problems] == [
        ("signature.parameters[0].type", "warning"),
        ("signature.returns", "warning"),
    ]
    assert "did you mean str?" in problems[1].message


def test_predicates_are_given_with_their_paths(grade):
    assert [path for path, _ in conditions(grade)] == ["effects[0].when", "effects[1].when"]
    assert [(path, one.is_example) for path, one in assertions(grade)] == [
        ("assertions[0].predicate", False),
        ("assertions[1].predicate", True),
    ]


@given(irs())
def test_every_ir_can_be_checked(ir):
    parsed = {path for path, _ in (*conditions(ir), *assertions(ir))}
    assert parsed.isdisjoint(one.path for one in check(ir))
