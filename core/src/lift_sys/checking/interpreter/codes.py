"""Every finding the interpreter can make: docs/findings.md shows this table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ...interfaces import Finding

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Kind:
    severity: Severity
    meaning: str
    remedy: str


CODES: Final[Mapping[str, Kind]] = {
    "ambiguous-name": Kind(
        "error",
        "one name of the IR has two meanings in predicates",
        "rename the parameter or the hole",
    ),
    "unreadable-predicate": Kind(
        "warning",
        "a predicate is no Python expression over the parameters, or uses what is not allowed; "
        "nothing is held to it",
        "write it as a Python expression over the parameters and `result`",
    ),
    "unfilled-hole": Kind(
        "info", "something is still unknown; there is no code before it is filled", "fill the hole"
    ),
    "contradictory-returns": Kind(
        "error",
        "two branches have one condition and different return values",
        "keep one of the branches, or make their conditions differ",
    ),
    "duplicate-branch": Kind(
        "info", "two branches have one condition and the same return values", "keep one of them"
    ),
    "duplicate-return-value": Kind(
        "info", "a branch lists the same return value twice", "list it once"
    ),
    "answers-without-condition": Kind(
        "info",
        "several effects give different return values and none says when",
        "give each its condition in `when`",
    ),
    "ladder-gap": Kind(
        "warning",
        "no branch covers some input, no effect is unconditional, and neither an example nor the "
        "assertions settle what is returned there",
        "add a branch without `when` for all that is left, or one for this input",
    ),
    "branch-overlap": Kind(
        "info",
        "two branches with different outcomes hold for one input, and neither lies within the "
        "other; the first wins",
        "say it if the other is meant to win: put it first",
    ),
    "unreachable-branch": Kind(
        "warning",
        "wherever this branch's condition holds, an earlier one holds too",
        "put it before the branch that hides it, or narrow that one",
    ),
    "branch-never-taken": Kind(
        "info",
        "no input that was tried fulfils this branch's condition",
        "check the condition, or add an example that takes the branch",
    ),
    "condition-raises": Kind(
        "info",
        "a condition cannot be evaluated for an input that reaches it",
        "put the branch for such inputs before it, or state a precondition",
    ),
    "bool-after-int": Kind(
        "error",
        "a branch for bool stands after the one for int, which takes True and False as well",
        "put the branch for bool first",
    ),
    "bool-taken-for-int": Kind(
        "error",
        "an example says what True or False gives, and the branch for int gives something else",
        "add a branch `isinstance(x, bool)` before the one for int",
    ),
    "bool-unmentioned": Kind(
        "info",
        "a branch is for int, bool is not spoken of, and True and False are ints in Python",
        "say in an example what True gives",
    ),
    "missing-return": Kind(
        "warning",
        "the hint of a branch ends without a return, in a function that returns something",
        "end the hint with `return`, or give the branch its return values",
    ),
    "return-type-mismatch": Kind(
        "warning",
        "a return value, or an example's answer, is not of the declared return type",
        "correct the value or the signature",
    ),
    "must-return-broken": Kind(
        "warning",
        "the IR demands that something is returned, and a branch or a gap between branches "
        "returns nothing",
        "give each branch a value, and add a branch without `when`",
    ),
    "contradictory-examples": Kind(
        "error",
        "two examples call the function with the same arguments and want different outcomes",
        "keep the one that is right",
    ),
    "example-denies-branch": Kind(
        "error",
        "an example wants another outcome than the branch that its arguments take",
        "correct the example or the branch; the first branch whose condition holds wins",
    ),
    "example-denies-assertion": Kind(
        "error",
        "an assertion is false of an example's own answer",
        "correct the example or the assertion",
    ),
    "branch-denies-assertion": Kind(
        "error",
        "an assertion is false of every return value of a branch, for an input that takes it",
        "correct the branch or the assertion, or limit the assertion to where it holds",
    ),
    "contradictory-assertions": Kind(
        "error",
        "for no input is there a result that all assertions allow",
        "remove or correct one of them",
    ),
    "clashing-assertions": Kind(
        "warning",
        "for some input one assertion fixes the result and another forbids it, and nothing says "
        "that the call raises",
        "limit one of them to where it holds, state a precondition, or say what is raised",
    ),
    "tautological-assertion": Kind(
        "warning",
        "an assertion holds for whatever is returned",
        "say what the result is, not what is always so",
    ),
    "never-evaluable": Kind(
        "warning",
        "an assertion fails with a TypeError for every input and result of the declared types; "
        "nothing is held to it",
        "write it for the declared types, or correct the signature",
    ),
    "never-true": Kind(
        "info",
        "no input and result that was tried fulfils this assertion",
        "add an example that shows an answer it allows",
    ),
    "too-weak": Kind(
        "warning",
        "a function that returns one value always, or one of its arguments as it came, fulfils "
        "every assertion, example and branch, and other answers would do as well",
        "add an assertion or an example that this function breaks",
    ),
    "nothing-to-check": Kind(
        "info",
        "no assertion, example or return value says what the result is; code for it cannot be "
        "checked",
        "add an example or an assertion",
    ),
    "excludes-everything": Kind(
        "error",
        "a precondition that no input can fulfil",
        "correct it: it is over the parameters alone",
    ),
    "excludes-every-input": Kind(
        "warning",
        "the preconditions exclude every input that was tried and every example; nothing is "
        "checked beside them",
        "add an example that keeps to them, or correct them",
    ),
    "example-outside-precondition": Kind(
        "warning",
        "an example returns for arguments that a precondition excludes",
        "widen the precondition, or limit the assertion that it was meant for",
    ),
    "reads-as-precondition": Kind(
        "warning",
        "in a function that changes its arguments, an assertion over these alone, without `old_`, "
        "is taken as a precondition: code is only tried on inputs that keep to it, and not held to "
        "it",
        "write `old_x` for what the argument was before the call; for what it becomes, relate it "
        "to `old_x` or `result`",
    ),
    "missing-literal": Kind(
        "warning",
        "a text that the request wants returned appears nowhere in the IR",
        "put it into the branch's return values, letter by letter",
    ),
    "literal-rewritten": Kind(
        "warning",
        "a text that the request wants returned appears only inside a longer return value",
        "return it letter by letter as the request has it",
    ),
    "literal-unused": Kind(
        "info",
        "a quoted text of the request, of which it is not plain that it is returned, appears "
        "nowhere in the IR",
        "check that nothing was lost",
    ),
    "loop-contradicted": Kind(
        "warning",
        "the examples or assertions fit another match (first, last, all) than the loop constraint",
        "correct the constraint or the examples",
    ),
    "loop-type": Kind(
        "info",
        "a loop constraint and the return type fit badly: all matches and no collection",
        "check that a number or a truth value about all matches is meant",
    ),
    "position-ignored": Kind(
        "warning",
        "a position matters by a constraint, and the assertions and branches, which fix the "
        "result, say the same whatever the order",
        "assert where things stand, for example with slicing, find or partition",
    ),
}


def tell(
    code: str,
    message: str,
    path: str = "",
    *,
    suggestion: str = "",
    counterexample: str | None = None,
) -> Finding:
    kind = CODES[code]
    return Finding(
        code=code,
        severity=kind.severity,
        message=message,
        path=path,
        suggestion=suggestion or kind.remedy,
        counterexample=counterexample,
    )


def shown(value: object, limit: int = 120) -> str:
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}..."
