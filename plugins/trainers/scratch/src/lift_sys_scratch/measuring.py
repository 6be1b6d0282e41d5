"""What the network can do, measured by running what it writes; token accuracy tells nothing."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lift_sys.checking.compare import close
from lift_sys.checking.execution import Call, observe
from lift_sys.data.dialect import DialectError, Prompt, Vocabulary, ask_code, ask_specification
from lift_sys.data.dialect.marks import CODE, END
from lift_sys.interfaces import Code, Example, Sandbox
from lift_sys.ir import IR

from .decoding import Drawn, draw
from .exams import Exam
from .network import Network

_ROWS = 64
_LONGEST_IR, _LONGEST_CODE = 256, 160


@dataclass(frozen=True, slots=True)
class Attempt:
    ir: IR | None
    code: Code | None
    passed: bool
    shown: int
    """How many of the visible calls it answers rightly."""
    logprob: float


@dataclass(frozen=True, slots=True)
class Result:
    """Of one task: the greedy attempt, then the drawn ones."""

    exam: Exam
    greedy: Attempt
    drawn: tuple[Attempt, ...] = ()

    @property
    def chosen(self) -> Attempt:
        """By the visible calls alone; among equals the greedy one, then the likeliest."""
        ordered = [self.greedy, *sorted(self.drawn, key=lambda one: -one.logprob)]
        return max(ordered, key=lambda one: one.shown)


@dataclass(frozen=True, slots=True)
class Tally:
    tasks: int
    greedy: int
    best: int
    """By execution on the visible calls; the same as greedy where nothing was drawn."""
    any: int
    """Of the attempts, at least one was right."""
    valid: int
    """Greedy answers that are a specification."""


def tally(results: Sequence[Result]) -> Mapping[str, Tally]:
    """For each cell; never all in one number."""
    cells: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        cells[result.exam.cell].append(result)
    return {
        cell: Tally(
            tasks=len(some),
            greedy=sum(one.greedy.passed for one in some),
            best=sum(one.chosen.passed for one in some),
            any=sum(any(each.passed for each in (one.greedy, *one.drawn)) for one in some),
            valid=sum(one.greedy.ir is not None for one in some),
        )
        for cell, some in cells.items()
    }


class Measuring:
    def __init__(self, network: Network, vocabulary: Vocabulary, sandbox: Sandbox) -> None:
        self._network, self._vocabulary, self._sandbox = network, vocabulary, sandbox

    async def measure(
        self, exams: Sequence[Exam], *, draws: int = 0, temperature: float = 0.7, seed: int = 0
    ) -> list[Result]:
        greedy = await self._attempts(exams, 0.0, seed)
        rounds = [await self._attempts(exams, temperature, seed + n) for n in range(1, draws + 1)]
        return [
            Result(exam, greedy[place], tuple(each[place] for each in rounds))
            for place, exam in enumerate(exams)
        ]

    async def _attempts(
        self, exams: Sequence[Exam], temperature: float, seed: int
    ) -> list[Attempt]:
        asked = [ask_specification(one.task.request, one.task.signature) for one in exams]
        first = self._draw(asked, CODE, _LONGEST_IR, temperature, seed)
        irs = [
            _specification(prompt, drawn, self._vocabulary)
            for prompt, drawn in zip(asked, first, strict=True)
        ]
        places = [place for place, ir in enumerate(irs) if ir is not None]
        prompts = [ask_code(exams[place].task.request, _ir(irs[place])) for place in places]
        second = dict(
            zip(
                places,
                self._draw(prompts, END, _LONGEST_CODE, temperature, seed + 500),
                strict=True,
            )
        )
        codes = {
            place: code
            for place, prompt in zip(places, prompts, strict=True)
            if (code := _code(prompt, second[place], self._vocabulary)) is not None
        }
        graded = await asyncio.gather(
            *(self._grade(exams[place], code) for place, code in codes.items())
        )
        verdicts = dict(zip(codes, graded, strict=True))
        attempts: list[Attempt] = []
        for place, ir in enumerate(irs):
            passed, shown = verdicts.get(place, (False, -1))
            logprob = first[place].logprob
            if place in second:
                logprob += second[place].logprob
            attempts.append(Attempt(ir, codes.get(place), passed, shown, logprob))
        return attempts

    def _draw(
        self, prompts: Sequence[Prompt], stop: str, longest: int, temperature: float, seed: int
    ) -> list[Drawn]:
        vocabulary = self._vocabulary
        encoded = [vocabulary.encode(prompt.words) for prompt in prompts]
        room = self._network.shape.context
        found = {
            place: Drawn((), 0.0, False)
            for place, prompt in enumerate(encoded)
            if len(prompt) >= room
        }
        order = sorted(set(range(len(encoded))) - set(found), key=lambda one: len(encoded[one]))
        for start in range(0, len(order), _ROWS):
            places = order[start : start + _ROWS]
            drawn = draw(
                self._network,
                [encoded[place] for place in places],
                [vocabulary.number(stop), vocabulary.number(END)],
                longest=longest,
                temperature=temperature,
                seed=seed * 1000 + start,
                forbidden=[
                    vocabulary.holding(prompts[place].senseless - {stop, END}) for place in places
                ],
            )
            found.update(zip(places, drawn, strict=True))
        return [found[place] for place in range(len(prompts))]

    async def _grade(self, exam: Exam, code: Code) -> tuple[bool, int]:
        """Whether all hidden calls come out right, and how many visible ones do."""
        calls = (*exam.task.examples, *exam.tests)
        seen = await observe(code, [Call.of(call) for call in calls], self._sandbox, probing=True)
        if seen.loaded is not None:
            return False, 0
        right = [
            _is_right(call, one.outcome, one.result, one.exception)
            for call, one in zip(calls, seen.seen, strict=True)
        ]
        shown = len(exam.task.examples)
        return all(right[shown:]), sum(right[:shown])


def _is_right(call: Example, outcome: str, result: object, exception: str | None) -> bool:
    if call.raises is not None:
        return outcome == "raised" and exception == call.raises
    return outcome == "returned" and close(call.expected, result)


def _specification(prompt: Prompt, drawn: Drawn, vocabulary: Vocabulary) -> IR | None:
    try:
        return prompt.specification(vocabulary.decode(drawn.tokens))
    except DialectError:
        return None


def _code(prompt: Prompt, drawn: Drawn, vocabulary: Vocabulary) -> Code | None:
    try:
        return prompt.code(vocabulary.decode(drawn.tokens))
    except DialectError:
        return None


def _ir(ir: IR | None) -> IR:
    assert ir is not None
    return ir
