"""What is known of an IR once its predicates were evaluated: the ground that findings stand on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from ...interfaces import Example, Sandbox, Task
from ...ir import IR, Parameter, Signature
from ..claims import Claims
from ..compare import fingerprint
from ..inputs import Arguments, generate, in_order
from ..truth import Truth
from .evaluation import Evaluator, Pin, encodable
from .extremes import extremes
from .outcomes import NOTHING, Branch, Outcome, ShownCall
from .pins import pins_of

_INPUTS: Final = 160
_TABLED: Final = 48
"""Inputs with which assertions are looked at, each with every result."""
_RESULTS: Final = 16
_OTHERS: Final[tuple[object, ...]] = (None, True, 0, 2.5, "text", [], [1, 2], {"a": 1}, ())
"""Results of no type in particular."""


@dataclass
class Facts:
    task: Task
    ir: IR
    claims: Claims
    evaluator: Evaluator
    shown: tuple[ShownCall, ...]
    inputs: tuple[Arguments, ...]
    """Those of examples first."""
    ladder: tuple[Branch, ...]
    """Empty where a condition cannot be evaluated: then nothing is known of any branch."""
    otherwise: Outcome | None
    """What answers where no condition holds, if that is said."""
    results: tuple[Any, ...]
    """Of the declared type, those that the IR names first."""
    pins: tuple[Pin, ...]
    columns: dict[int, list[Truth]] = field(default_factory=dict[int, list[Truth]])
    """Of each condition and precondition its truth for each input."""
    tables: dict[int, list[list[Truth]]] = field(default_factory=dict[int, list[list[Truth]]])
    """Of each assertion its truth for each of `tabled` and each of `results` and `others`."""

    @cached_property
    def rows(self) -> dict[str, int]:
        return {fingerprint(arguments): row for row, arguments in enumerate(self.inputs)}

    def row(self, arguments: Arguments) -> int:
        return self.rows[fingerprint(arguments)]

    @property
    def function(self) -> str:
        return self.ir.signature.name

    @property
    def others(self) -> tuple[object, ...]:
        return _OTHERS

    @property
    def mutating(self) -> bool:
        """The IR speaks of what arguments were: they change, and nobody knows yet into what."""
        return self.claims.changes_arguments

    @property
    def parameters(self) -> tuple[str, ...]:
        return self.claims.predicates.parameters

    def reads(self, place: int) -> frozenset[str]:
        """The names in a predicate."""
        return self.claims.predicates.each[place].names

    def call(self, arguments: Arguments) -> str:
        return f"{self.function}({', '.join(map(repr, arguments))})"

    def admissible(self, row: int) -> bool:
        kept = all(
            self.columns[place][row] is True
            for place in self.claims.preconditions
            if place in self.columns
        )
        return kept and not any(self.columns[p][row] is False for p in self.claims.implied)

    @cached_property
    def tabled(self) -> list[int]:
        """Rows of the inputs that assertions are looked at with."""
        return [row for row in range(len(self.inputs)) if self.admissible(row)][:_TABLED]

    def taken(self, row: int) -> Branch | str | None:
        """The branch of an input; None: no condition holds; text: why it cannot be told."""
        for branch in self.ladder:
            truth = self.columns[branch.condition][row]
            if truth is True:
                return branch
            if truth is not False:
                return truth if isinstance(truth, str) else "lost"
        return None

    def outcome(self, row: int) -> Outcome:
        """What the IR fixes for an input by its branches."""
        branch = self.taken(row) if self.ladder else "no ladder"
        if isinstance(branch, Branch):
            return branch.outcome
        if branch is None and self.otherwise is not None:
            return self.otherwise
        return NOTHING

    def predicate(self, place: int) -> tuple[str, str]:
        """Path and source."""
        return self.claims.paths[place], self.claims.source(place)

    def settled(self, place: int) -> bool:
        """Whether its truth is known once arguments and result are: nothing in it changes."""
        if not self.mutating:
            return True
        return all(name == "result" or name.startswith("old_") for name in self.reads(place))

    @property
    def speaks_of_exceptions(self) -> bool:
        if any(effect.raises for effect in self.ir.effects):
            return True
        texts = [self.ir.intent.summary, self.ir.intent.rationale, self.task.request]
        for effect in self.ir.effects:
            texts += [effect.description, effect.implementation_hint or ""]
        texts += [f"{each.predicate} {each.rationale}" for each in self.ir.assertions]
        return any(
            word in text.lower()
            for text in texts
            for word in ("rais", "exception", "error", "throw", "fail", "invalid")
        )


async def gather(task: Task, ir: IR, claims: Claims, sandbox: Sandbox) -> Facts:
    shown = tuple(_shown(ir, claims))
    ladder = _ladder(ir, claims)
    facts = Facts(
        task=task,
        ir=ir,
        claims=claims,
        evaluator=Evaluator(claims.predicates.parameters, claims.predicates.each, sandbox),
        shown=shown,
        inputs=tuple(_inputs(task, ir, claims, shown)),
        ladder=ladder,
        otherwise=_otherwise(ir),
        results=tuple(_results(ir, claims, shown)),
        pins=tuple(
            pin
            for place in claims.invariants
            if _closed(claims, place)
            for pin in pins_of(place, claims.predicates.each[place])
        ),
    )
    if facts.inputs:
        await _fill(facts)
    return facts


async def _fill(facts: Facts) -> None:
    claims = facts.claims
    places = [
        *claims.preconditions,
        *claims.implied,
        *(branch.condition for branch in facts.ladder),
    ]
    blocks = [(arguments, (None,)) for arguments in facts.inputs]
    found = await facts.evaluator.truths({p: blocks for p in places if _closed(claims, p)})
    facts.columns = {
        place: [None] * len(blocks) if table is None else [row[0] for row in table]
        for place, table in found.items()
    }
    results = (*facts.results, *facts.others)
    tabled = [(facts.inputs[row], results) for row in facts.tabled]
    tables = await facts.evaluator.truths(
        {place: tabled for place in claims.invariants if _closed(claims, place)}
    )
    facts.tables = {place: table for place, table in tables.items() if table is not None}


def _closed(claims: Claims, place: int) -> bool:
    """It reads no hole."""
    parameters = claims.predicates.parameters
    known = {*parameters, "result", *(f"old_{name}" for name in parameters)}
    return claims.predicates.each[place].names <= known


def _ladder(ir: IR, claims: Claims) -> tuple[Branch, ...]:
    places = {path: place for place, path in enumerate(claims.paths)}
    branches: list[Branch] = []
    for number, effect in enumerate(ir.effects):
        if effect.when is None:
            continue
        place = places.get(f"effects[{number}].when")
        if place is None or not _closed(claims, place):
            return ()
        branches.append(Branch(number, place, claims.source(place), effect))
    return tuple(branches)


def _otherwise(ir: IR) -> Outcome | None:
    """Several unconditional effects are steps, not the rest of a ladder."""
    said = [Outcome.of(number, e) for number, e in enumerate(ir.effects) if e.when is None]
    answering = [outcome for outcome in said if outcome]
    return answering[0] if len(answering) == 1 else None


def _shown(ir: IR, claims: Claims) -> Iterator[ShownCall]:
    for claim in claims.examples:
        call = claim.call
        arguments = _in_order(claims.predicates.parameters, call.args, dict(call.kwargs))
        if arguments is not None:
            number = int(claim.path.partition("[")[2].partition("]")[0])
            yield ShownCall(
                path=claim.path,
                arguments=arguments,
                expected=call.expected,
                raises=call.raises,
                condition=claim.condition,
                text=ir.assertions[number].predicate,
            )


def example_arguments(example: Example, parameters: Sequence[str]) -> Arguments | None:
    return _in_order(parameters, example.args, example.kwargs)


def _in_order(
    parameters: Sequence[str], args: Arguments, kwargs: Mapping[str, Any]
) -> Arguments | None:
    arguments = in_order(parameters, args, kwargs)
    return arguments if arguments is not None and encodable(arguments) else None


def _inputs(task: Task, ir: IR, claims: Claims, shown: Iterable[ShownCall]) -> Iterator[Arguments]:
    seen: set[str] = set()
    names = claims.predicates.parameters
    visible = [example_arguments(example, names) for example in task.examples]
    given = [*(call.arguments for call in shown), *(each for each in visible if each is not None)]
    base = next(iter((*claims.inputs, *given)), None)
    beyond = [] if base is None else [*extremes(ir.signature, claims.literals, base)]
    for arguments in (*given, *beyond, *claims.inputs[:_INPUTS]):
        key = fingerprint(arguments)
        if key not in seen and encodable(arguments):
            seen.add(key)
            yield arguments


def _results(ir: IR, claims: Claims, shown: Iterable[ShownCall]) -> Iterator[Any]:
    named = [value for effect in ir.effects for value in effect.return_values]
    named += [call.expected for call in shown if call.plain]
    parameter = Parameter(name="result", type=ir.signature.returns)
    outcome = Signature(name="outcome", parameters=(parameter,), returns="None")
    typed = [value for (value,) in generate(outcome, claims.literals, count=_RESULTS)]
    seen: set[str] = set()
    for value in (*named, *typed):
        if encodable([value]) and (key := fingerprint(value)) not in seen:
            seen.add(key)
            yield value
