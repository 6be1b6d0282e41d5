"""What execution and checks said, on which basis, under which guards."""

from typing import Literal

from ..ir import Frozen

Category = Literal[
    "invalid",
    "specification",
    "wrong_output",
    "literal_rewritten",
    "missing_return",
    "bool_as_int",
    "wrong_match",
    "wrong_position",
    "wrong_aggregate",
    "assertion",
    "exception",
    "mutated_argument",
    "nondeterministic",
    "hard_coded",
    "timeout",
    "memory",
    "crash",
    "forbidden",
    "infrastructure",
]
"""What went wrong: docs/taxonomy.md says it for each. Only `infrastructure` is retried; nothing
leaves a denominator."""


class Failure(Frozen):
    """One thing wrong, told so that a model or a person can mend it."""

    category: Category
    message: str
    input: str | None = None
    """The call that shows it, as Python source."""
    expected: str | None = None
    got: str | None = None
    claim: str | None = None
    """What it breaks: `examples[0]` of the task, the path of an assertion or effect in the IR, or
    what holds of any code: `load`, `steady`, `cases` (no answers by heart), `kind` (of the result),
    `mutates`. None: it is wrong as a whole."""


class Basis(Frozen):
    """How many checks of each sort a verdict rests on."""

    examples: int = 0
    """Visible ones, of the task; those that a specification makes are among its assertions."""
    assertions: int = 0
    effects: int = 0
    """Branches of the specification that say what comes out."""
    inputs: int = 0
    """Generated ones, on which assertions and effects were held against the code."""

    def __bool__(self) -> bool:
        return bool(self.examples or self.assertions or self.effects)


class Verdict(Frozen):
    status: Literal["pass", "fail", "unverified"]
    basis: Basis = Basis()
    failures: tuple[Failure, ...] = ()
    guards: tuple[str, ...] = ()
    """The protections that were active around the candidate's code."""
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.status == "pass"

    @property
    def category(self) -> Category | None:
        return self.failures[0].category if self.failures else None


def judge(
    failures: tuple[Failure, ...],
    basis: Basis,
    guards: tuple[str, ...],
    *,
    doubtful: bool = False,
) -> Verdict:
    """The only way from failures to a status: no basis is `unverified`, never a pass, and so is
    one that is `doubtful`, because wrong code would stand on it as well."""
    status = "fail" if failures else "pass" if basis and not doubtful else "unverified"
    return Verdict(status=status, basis=basis, failures=failures, guards=guards)
