import pytest
from lift_sys_literals.plugin import LiteralsOptions
from lift_sys_literals.scorer import Literals

from lift_sys.interfaces import Candidate, Code, Solution, Task, Verdict
from lift_sys.ir import IR
from lift_sys.testing.conformance import ScorerConformance
from lift_sys.testing.runs import make_specification

PASSWORD = (
    "Create a function that validates a password: return 'too short' if it has fewer than 8 "
    "characters, 'no number' if it has no digit, otherwise 'valid'."
)
RIGHT = """
def validate_password(password):
    if len(password) < 8:
        return "too short"
    return "valid" if any(map(str.isdigit, password)) else "no number"
"""
REWRITTEN = RIGHT.replace('"too short"', '"Password is too short"')
BESIDE = REWRITTEN.replace(
    "    if", '    """Returns \'too short\'."""\n    "too short"  # "too short"\n    if', 1
)


class TestLiterals(ScorerConformance):
    component = "literals"


async def scored(request, value, **options):
    scorer = Literals(LiteralsOptions(**options), None)
    problem = make_specification(Task(id="t", request=request))
    (score,) = await scorer.score(problem, [Candidate("a", "any", value)], None)
    return score.value, score.reason


def ir(effects=(), assertions=(), name="validate_password"):
    return IR.model_validate(
        {
            "intent": {"summary": "says 'too short', 'no number' or 'valid', below 8"},
            "signature": {
                "name": name,
                "parameters": [{"name": "password", "type": "str"}],
                "returns": "str",
            },
            "effects": effects,
            "assertions": [{"predicate": text} for text in assertions],
        }
    )


@pytest.mark.parametrize(
    ("source", "value", "reason"),
    [
        (RIGHT, 1.0, "all 4 literals of the request are there"),
        (RIGHT.replace("< 8", "<= 7"), 1.0, "all 4 literals of the request are there"),
        (RIGHT.replace("< 8", "< 10"), 0.75, "missing: 8"),
        (REWRITTEN, 0.75, "missing: 'too short' (instead 'Password is too short')"),
        (BESIDE, 0.75, "missing: 'too short' (instead 'Password is too short')"),
        (RIGHT.replace('"too short"', '"Too short"'), 0.75, "'too short' (instead 'Too short')"),
        (RIGHT.replace('"too short"', '"too_short"'), 0.75, "'too short' (instead 'too_short')"),
        (RIGHT.replace('"no number"', "False"), 0.75, "missing: 'no number'"),
        ("def validate_password(p): ...", 0.0, "missing: 'too short', 'no number', 'valid', 8"),
        ("def broken(:", 0.0, "missing: 'too short', 'no number', 'valid', 8"),
    ],
)
async def test_code_must_hold_each_literal_itself(source, value, reason):
    found, said = await scored(PASSWORD, Code(name="validate_password", source=source))
    assert found == value
    assert reason in said


ANSWERS = ["too short", "no number", "valid"]
LADDER = [
    {"description": "?", "when": "len(password) < 8", "return_values": ["too short"]},
    {"description": "?", "return_values": ["no number", "valid"]},
]


@pytest.mark.parametrize(
    ("value", "score", "reason"),
    [
        (ir(LADDER), 1.0, "all 4"),
        (
            ir((), [f"result in {tuple(ANSWERS)}", "len(password) > 7 or result != 'valid'"]),
            1.0,
            "",
        ),
        (ir(LADDER[1:], ["validate_password('short7') == 'too short'"]), 0.75, "missing: 8"),
        (ir(LADDER[1:], ["validate_password('too short') == 'valid'"]), 0.5, "'too short', 8"),
        (
            ir([{**LADDER[0], "return_values": ["Your password is too short"]}, LADDER[1]]),
            0.75,
            "missing: 'too short' (instead 'Your password is too short')",
        ),
        (ir([{"description": "returns 'too short' below 8, 'no number' or 'valid'"}]), 0.0, "8"),
        (ir([], ["this is no predicate 'valid'"]), 0.0, "missing"),
    ],
)
async def test_a_specification_must_hold_it_where_code_can_be_held_against_it(value, score, reason):
    found, said = await scored(PASSWORD, value)
    assert (found, reason in said) == (score, True), said


@pytest.mark.parametrize(
    ("request_text", "source", "value"),
    [
        ("Return 'A' from 90, 'B' from 80 and 'F' below.", "'FBA'[bisect([80, 90], x)]", 1.0),
        ("Return 'A' from 90, 'B' from 80 and 'F' below.", "'Grade A, B or F', 80, 90", 0.4),
        ("Return -1 if it is missing, else the index.", "-1", 1.0),
        ("Return -1 if it is missing, else the index.", "1", 0.0),
        ("Return 0.0 if the list is empty, else the mean.", "0", 1.0),
        ("It must contain an '@' and end with '.com'.", "x.count('@'), '.com'", 1.0),
        ("Read a percentage such as '45%'.", "...", None),
        ("Return True if x is at least 1, else False.", "x", None),
        ("Add two numbers.", "x", None),
        ("Write the function 'f'.", "x", None),
    ],
)
async def test_what_right_code_need_not_spell_out_is_not_asked_for(request_text, source, value):
    code = Code(name="f", source=f"def f(x):\n    return {source}\n")
    assert (await scored(request_text, code))[0] == value


async def test_roles_narrow_what_is_looked_for():
    lost = Code(name="f", source=RIGHT.replace("8", "10"))
    assert (await scored(PASSWORD, lost, roles={"returned"}))[0] == 1.0
    assert await scored(PASSWORD, lost, roles={"threshold"}) == (0.0, "missing: 8")


async def test_an_attempt_is_read_by_its_code_where_there_is_any():
    empty = Verdict(status="unverified")
    for code, value in ((None, 1.0), (Code(name="f", source=REWRITTEN), 0.75)):
        solution = Solution(ir=ir(LADDER), specification=empty, code=code, verdict=empty)
        assert (await scored(PASSWORD, solution))[0] == value


async def test_length_earns_nothing():
    padded = f'"""{PASSWORD}"""\nNOTES = ["The password is too short!"] * 40\n{REWRITTEN}'
    code = [Code(name="f", source=source) for source in (REWRITTEN, padded)]
    assert (await scored(PASSWORD, code[0]))[0] == (await scored(PASSWORD, code[1]))[0] == 0.75


async def test_what_it_does_not_know_it_leaves_to_others():
    value, reason = await scored(PASSWORD, Task(id="t", request="another stage's result"))
    assert (value, reason) == (None, "a Task is nothing to look for literals in")
