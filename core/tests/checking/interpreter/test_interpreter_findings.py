from collections.abc import Sequence
from pathlib import Path

import pytest

from lift_sys.checking.claims import Claims
from lift_sys.checking.interpreter import CODES, Stated, interpret
from lift_sys.interfaces import Example, Finding, Task
from lift_sys.ir import IR
from lift_sys.testing.sandboxes import TrustingSandbox

from .interpreter_specs import effect, spec, task
from .interpreter_wrong import NEAR, WRONG

PAGE = Path(__file__).parents[4] / "docs" / "findings.md"
OF_REQUESTS = {"missing-literal", "literal-rewritten", "literal-unused"}


async def findings(ir: IR, of: Task | None = None, stated: Sequence[Stated] = ()) -> list[Finding]:
    of = of or task()
    return await interpret(of, ir, Claims.of(ir, of.examples), TrustingSandbox(), stated)


@pytest.mark.parametrize(("code", "place"), [(c, p) for c in WRONG for p in range(len(WRONG[c]))])
async def test_a_planted_mistake_is_found(code: str, place: int):
    found = await findings(WRONG[code][place])
    assert code in [finding.code for finding in found], found


@pytest.mark.parametrize(("code", "place"), [(c, p) for c in NEAR for p in range(len(NEAR[c]))])
async def test_a_near_miss_is_none(code: str, place: int):
    found = [finding for finding in await findings(NEAR[code][place]) if finding.code == code]
    assert found == []


def test_each_finding_has_three_planted_mistakes():
    assert {*WRONG} | OF_REQUESTS == {*CODES}
    assert [code for code, irs in WRONG.items() if len(irs) < 3] == []


PASSWORD = spec(
    "check(password: str) -> str",
    effects=[
        effect("Short", "Password is too short", when="len(password) < 8"),
        effect("Good, which means 'fine'", "valid"),
    ],
)


@pytest.mark.parametrize(
    ("text", "returned", "code"),
    [
        ("too short", True, "literal-rewritten"),
        ("TOO SHORT", True, "literal-rewritten"),
        ("password is", True, "literal-rewritten"),
        ("password", True, None),
        ("no number", True, "missing-literal"),
        ("no uppercase", True, "missing-literal"),
        ("Valid!", True, "missing-literal"),
        ("abc", False, "literal-unused"),
        ("Abcdefg1", False, "literal-unused"),
        ("@", False, "literal-unused"),
        ("valid", True, None),
        ("valid", False, None),
        ("fine", True, None),
        ("", True, None),
    ],
)
async def test_texts_of_the_request_reach_the_ir(text: str, returned: bool, code: str | None):
    found = await findings(PASSWORD, stated=[Stated(text, returned)])
    told = [finding.code for finding in found if finding.code in OF_REQUESTS]
    assert told == ([] if code is None else [code])


async def test_a_text_in_an_example_or_a_predicate_has_reached_the_ir():
    ir = spec("f(s: str) -> str", "f('a') == 'x'", "result in ('y', 'z')", "f('') raises KeyError")
    found = await findings(ir, stated=[Stated(text, True) for text in "axyz"])
    assert not OF_REQUESTS & {finding.code for finding in found}


async def test_errors_come_first_and_say_what_to_do():
    ir = spec("f(x: int) -> int", "f(1) == 1", "f(1) == 2", "isinstance(result, int)")
    found = await findings(ir)
    order = ["error", "warning", "info"]
    assert [f.severity for f in found] == sorted((f.severity for f in found), key=order.index)
    first = found[0]
    assert (first.code, first.path) == ("contradictory-examples", "assertions[1].predicate")
    assert first.counterexample == "f(1)"
    assert first.suggestion == CODES["contradictory-examples"].remedy


async def test_findings_are_the_same_again():
    for irs in WRONG.values():
        assert await findings(irs[0]) == await findings(irs[0])


async def test_a_visible_example_outside_a_precondition_is_told():
    of = task("f", Example(args=(0,), expected=1))
    ir = spec("f(x: int) -> int", "x > 0", "result == x + 1")
    assert "example-outside-precondition" in [f.code for f in await findings(ir, of)]


async def test_a_branch_that_cannot_be_read_leaves_the_ladder_alone():
    ir = spec(
        "f(x: int) -> str",
        "f(5) == 'b'",
        effects=[effect("a", "a", when="x is big"), effect("b", "b", when="x > 0")],
    )
    codes = {finding.code for finding in await findings(ir)}
    assert "unreadable-predicate" in codes
    assert not codes & {"ladder-gap", "example-denies-branch", "unreachable-branch"}


async def test_predicates_over_holes_are_left_alone():
    hole = {"id": "limit", "kind": "value", "type": "int", "description": "the most"}
    ir = spec(
        "f(x: int) -> int",
        "result <= limit",
        effects=[effect("cap", 1, when="x > limit"), effect("x", 2, when="x <= limit")],
        holes=[hole],
    )
    assert {finding.severity for finding in await findings(ir)} == {"info"}


def test_the_page_of_findings_shows_this_table():
    rows = [
        f"| `{code}` | {kind.severity} | {kind.meaning} | {kind.remedy} |"
        for code, kind in CODES.items()
    ]
    assert "\n".join(rows) in PAGE.read_text(encoding="utf-8")
