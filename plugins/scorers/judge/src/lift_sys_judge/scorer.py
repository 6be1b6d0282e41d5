"""Compares different candidates in pairs; a candidate's score is its mean share of its pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean
from typing import Any

from lift_sys.errors import BudgetExhausted
from lift_sys.interfaces import Candidate, Context, Parts, Problem, Sample, Sampling, Score
from lift_sys.pipeline.choices import chosen

from .asking import WINNERS, question
from .pairing import Compared, pairs, share, shares
from .plugin import JudgeOptions
from .shown import shown


@dataclass(frozen=True, slots=True)
class _Bench:
    """What is compared: each text once, and the number of every candidate's text."""

    texts: tuple[str, ...]
    first: tuple[str, ...]
    """The first candidate with each text, by its id."""
    numbers: tuple[int | None, ...]

    @classmethod
    def of(cls, problem: Problem[Any], candidates: Sequence[Candidate[Any]]) -> "_Bench":
        """Candidates that say the same share a place, and so do those that look the same."""
        texts: dict[str, int] = {}
        known: dict[str, int] = {}
        numbers: list[int | None] = []
        first: list[str] = []
        for candidate in candidates:
            text = None if candidate.value is None else shown(candidate.value)
            if text is None:
                numbers.append(None)
                continue
            digest = problem.canonical(candidate.value)
            if digest not in known:
                known[digest] = texts.setdefault(text, len(texts))
            if known[digest] == len(first):
                first.append(candidate.id)
            numbers.append(known[digest])
        return cls(tuple(texts), tuple(first), tuple(numbers))


class Judge:
    def __init__(self, options: JudgeOptions, parts: Parts) -> None:
        self._options = options
        self._provider = parts.provider(options.provider)
        self._judged: dict[tuple[str, str], float] = {}
        """The first one's share of each pair, by the ids of its candidates: a strategy asks for
        scores after each round, and most of its pairs are those of the round before."""

    async def score(
        self, problem: Problem[Any], candidates: Sequence[Candidate[Any]], ctx: Context
    ) -> list[Score]:
        bench = _Bench.of(problem, candidates)
        scores: Mapping[int, Score] = {}
        otherwise = Score(None, "there is nothing different to compare it with")
        if len(bench.texts) > 1:
            try:
                scores = _scores(await self._compare(problem, bench, ctx))
            except BudgetExhausted:
                otherwise = Score(None, "the budget does not cover a judge")
            else:
                otherwise = Score(None, "the judge gave no usable reply")
        return [
            Score(0.0, "no result")
            if candidate.value is None
            else Score(None, "the judge cannot read this")
            if number is None
            else scores.get(number, otherwise)
            for candidate, number in zip(candidates, bench.numbers, strict=True)
        ]

    async def _compare(self, problem: Problem[Any], bench: _Bench, ctx: Context) -> list[Compared]:
        wanted = pairs(len(bench.texts), self._options.pairs)
        new = [pair for pair in wanted if self._known(bench, pair) is None]
        if new:
            await self._ask(problem, bench, new, ctx)
        known = [(pair, self._known(bench, pair)) for pair in wanted]
        return [Compared(*pair, part) for pair, part in known if part is not None]

    def _known(self, bench: _Bench, pair: tuple[int, int]) -> float | None:
        first, second = (bench.first[place] for place in pair)
        if (first, second) in self._judged:
            return self._judged[first, second]
        turned = self._judged.get((second, first))
        return None if turned is None else 1 - turned

    async def _ask(
        self, problem: Problem[Any], bench: _Bench, asked: Sequence[tuple[int, int]], ctx: Context
    ) -> None:
        texts, options = bench.texts, self._options
        can = ctx.capabilities(self._provider)
        sampling = Sampling(max_tokens=options.max_tokens, temperature=options.temperature)
        requests = [
            question(problem.task, options.rubric, answers, sampling, can)
            for first, second in asked
            for answers in ((texts[first], texts[second]), (texts[second], texts[first]))
        ]
        said = iter([_winner(each) for each in await ctx.sample(requests, self._provider)])
        for first, second in asked:
            forward, backward = islice(said, 2)
            if forward is None or backward is None:
                continue
            lengths = (len(texts[first]), len(texts[second]))
            part = share(forward, backward, lengths, options.length_control)
            self._judged[bench.first[first], bench.first[second]] = part


def _winner(samples: Sequence[Sample]) -> str | None:
    completion = samples[0].completion if samples else None
    return None if completion is None else chosen(completion.text, WINNERS)


def _scores(compared: Sequence[Compared]) -> dict[int, Score]:
    return {
        number: Score(
            fmean(parts),
            f"of {len(parts)} pairs, each in both orders: "
            f"{sum(part > 0.5 for part in parts)} won, "
            f"{sum(part == 0.5 for part in parts)} tied, "
            f"{sum(part < 0.5 for part in parts)} lost",
        )
        for number, parts in shares(compared).items()
    }
