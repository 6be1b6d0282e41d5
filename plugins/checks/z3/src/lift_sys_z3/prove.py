"""The process in which the solver runs: a question on standard input, answers line by line."""

import math
import re
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from .questions import Answer, Question, Rung, Statement, Variable
from .solver import z3
from .terms import FALSE, Term, Unsupported, text, variable
from .translate import translate

_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


class Prover:
    def __init__(self, question: Question) -> None:
        self._asked = question
        self.skipped: list[Answer] = []
        self._inputs = {each.name: variable(each.name, each.sort) for each in question.variables}
        self._names = dict(self._inputs)
        self._domain = [*self._domains(question.variables, self._names)]
        if question.result is not None:
            self._names["result"] = variable("result", question.result.sort)
            self._domain += self._domains([question.result], self._names)
        self._before = self._translated(question.preconditions)
        self._after = self._translated(question.assertions)
        self._ladder = self._translated(question.ladder)

    def answers(self) -> Iterator[Answer]:
        yield from self.skipped
        if self._impossible(self._before):
            yield Answer(kind="no-input", path=next(iter(self._before)))
            return
        if self._impossible(self._before | self._after) and self._after:
            yield Answer(kind="no-result", path=[*self._after][-1])
        else:
            yield from self._redundant()
        yield from self._branches()
        yield from self._gap()

    def _domains(self, variables: Sequence[Variable], names: dict[str, Term]) -> Iterator[Any]:
        for each in variables:
            if each.among:
                value = names[each.name].value
                yield z3.Or(*(value == text(among) for among in each.among))

    def _translated(self, statements: Sequence[Statement | Rung]) -> dict[str, Term]:
        terms: dict[str, Term] = {}
        for statement in statements:
            try:
                terms[statement.path] = translate(statement.source, self._names)
            except (Unsupported, z3.Z3Exception) as error:
                what = str(error) or type(error).__name__
                self.skipped.append(Answer(kind="skipped", path=statement.path, other=what))
        return terms

    def _solve(self, *formulas: Any) -> tuple[Any, Any]:
        solver = z3.Solver()
        solver.set("timeout", self._asked.query_ms)
        solver.add(*self._domain, *formulas)
        verdict = solver.check()
        return verdict, solver.model() if verdict == z3.sat else None

    def _unsatisfiable(self, *formulas: Any) -> bool:
        return self._solve(*formulas)[0] == z3.unsat

    def _impossible(self, statements: dict[str, Term]) -> bool:
        """Proven that not all can hold; one that raises counts as holding, code is not held to it.

        A precondition that raises keeps its input out, so there it must hold indeed.
        """
        exact = {path: term for path, term in statements.items() if term.exact}
        return bool(exact) and self._unsatisfiable(
            *(_holds(t) if p in self._before else _is_kept(t) for p, t in exact.items())
        )

    def _admitted(self) -> list[Any]:
        return [_holds(term) for term in self._before.values() if term.exact]

    def _redundant(self) -> Iterator[Answer]:
        exact = {path: term for path, term in self._after.items() if term.exact}
        for path, term in exact.items():
            others = [_is_kept(other) for one, other in exact.items() if one != path]
            source = next(each.source for each in self._asked.assertions if each.path == path)
            # That a type is what was declared is worth saying all the same.
            if "isinstance" in source or not others:
                continue
            if self._unsatisfiable(*self._admitted(), *others, _fails(term)):
                yield Answer(kind="redundant", path=path)
                return  # two that say the same each make the other redundant

    def _branches(self) -> Iterator[Answer]:
        saying = [each for each in self._asked.ladder if each.outcome]
        for place, rung in enumerate(saying):
            term = self._ladder.get(rung.path)
            if term is None:
                continue
            known = [each for each in saying[:place] if each.path in self._ladder]
            earlier = [self._ladder[each.path] for each in known]
            if term.exact and self._unsatisfiable(
                *self._admitted(),
                _holds(term),
                *(z3.Not(_holds(other)) for other in earlier if other.exact),
            ):
                yield Answer(kind="unreachable", path=rung.path)
                continue
            yield from self._overlap(rung, known)

    def _overlap(self, rung: Rung, earlier: Sequence[Rung]) -> Iterator[Answer]:
        """Told only where neither branch lies within the other, as rungs of a ladder do."""
        term = self._ladder[rung.path]
        for other in earlier:
            first = self._ladder[other.path]
            if other.outcome == rung.outcome:
                continue
            apart = self._solve(*self._usual(), _holds(first), _fails(term))[0]
            inputs = self._inputs_of(_holds(first), _holds(term))
            if apart == z3.sat and inputs is not None:
                yield Answer(kind="overlap", path=rung.path, other=other.path, inputs=inputs)
                return

    def _gap(self) -> Iterator[Answer]:
        ladder = self._asked.ladder
        whole = len(self._ladder) == len(ladder) and len(self._after) == len(self._asked.assertions)
        if not self._asked.closed or not whole:
            return
        formulas = [_fails(term) for term in self._ladder.values()]
        if self._after:
            if self._asked.result is None:
                return
            formulas += self._two_results()
        inputs = self._inputs_of(*formulas)
        if inputs is not None:
            yield Answer(kind="gap", path="effects", inputs=inputs)

    def _two_results(self) -> list[Any]:
        """Where assertions allow one result only, they say what the branches leave out."""
        result = self._names["result"]
        if result.sort == "none":
            return [FALSE]
        another = variable("another result", result.sort)
        pair = (result.value, another.value)
        kept = [_is_kept(term) for term in self._after.values()]
        return [*kept, *(z3.substitute(each, pair) for each in kept), pair[0] != pair[1]]

    def _usual(self) -> list[Any]:
        """Preconditions hold, and no input is NaN."""
        before = [_holds(term) for term in self._before.values()]
        return [*before, *(z3.Not(term.nan) for term in self._inputs.values())]

    def _inputs_of(self, *formulas: Any) -> dict[str, bool | int | float | str] | None:
        _, model = self._solve(*self._usual(), *formulas)
        if model is None:
            return None
        found = {name: _python(model, term) for name, term in self._inputs.items()}
        values = {name: value for name, value in found.items() if value is not None}
        return values if len(values) == len(found) else None


def _holds(term: Term) -> Any:
    return z3.And(term.defined, term.value)


def _fails(term: Term) -> Any:
    return z3.And(term.defined, z3.Not(term.value))


def _is_kept(term: Term) -> Any:
    return z3.Or(z3.Not(term.defined), term.value)


def _python(model: Any, term: Term) -> bool | int | float | str | None:
    value = model.eval(term.value, model_completion=True)
    match term.sort:
        case "bool":
            return z3.is_true(value)
        case "int":
            return value.as_long()
        case "float":
            if not z3.is_rational_value(value):
                return None
            ratio = Fraction(value.numerator_as_long(), value.denominator_as_long())
            number = float(ratio) if abs(ratio) < 10**300 else math.inf
            return number if math.isfinite(number) else None
        case "str":
            return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), value.as_string())
        case "none":
            return None


def main() -> None:
    asked = Question.model_validate_json(sys.stdin.read())
    z3.set_param("memory_max_size", asked.memory_mb)
    for answer in Prover(asked).answers():
        sys.stdout.write(answer.model_dump_json() + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
