"""Clusters held against one another on inputs on which they differ."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lift_sys.errors import BudgetExhausted
from lift_sys.interfaces import (
    Context,
    Digest,
    ProviderHandle,
    Request,
    Sample,
    Sampling,
    Subject,
)

from .asking import Answer, answer, question
from .plugin import DistinguishOptions
from .views import Views

Show = Callable[[Digest], str]


@dataclass(slots=True)
class Contest:
    """The leader meets the others one by one; who wins leads. Each cluster is told by one form."""

    options: DistinguishOptions
    provider: ProviderHandle | None
    ctx: Context
    subject: Subject
    """Whose request and signature the questions tell."""
    views: Views
    show: Show
    offer: Callable[[Digest], None]
    """Told of each leader."""
    answers: Counter[Answer] = field(default_factory=Counter[Answer])
    held: int = 0
    changed: int = 0
    """How often a challenger won."""
    cut_short: str = ""
    _known: dict[tuple[int, str, str], Answer] = field(
        default_factory=dict[tuple[int, str, str], Answer]
    )

    async def winner(self, clusters: Sequence[Digest]) -> Digest:
        leader, *others = clusters
        for challenger in others[: self.options.matches]:
            inputs = self.views.differing(leader, challenger)[: self.options.questions]
            if not inputs:
                continue
            try:
                votes = await self._votes(inputs, leader, challenger)
            except BudgetExhausted as exhausted:
                self.cut_short = str(exhausted)
                return leader
            self.held += 1
            self.answers += votes
            if votes["second"] > votes["first"]:
                leader = challenger
                self.changed += 1
                self.offer(leader)
            if self.cut_short:
                return leader
        return leader

    async def _votes(self, inputs: Sequence[int], one: Digest, other: Digest) -> Counter[Answer]:
        votes: Counter[Answer] = Counter()
        for place in inputs:
            votes[await self._asked(place, one, other)] += 1
        return votes

    async def _asked(self, place: int, one: Digest, other: Digest) -> Answer:
        """Which of them is right there; what was asked before is not asked again."""
        first, second = self.views.rows[one][place], self.views.rows[other][place]
        if (place, second.key, first.key) in self._known:
            return _TURNED[self._known[place, second.key, first.key]]
        if (place, first.key, second.key) not in self._known:
            told = (first.told, second.told)
            shown = None
            if self.options.show == "candidates":
                shown = (self.show(one), self.show(other))
            said = await self._ask(place, told, shown)
            self._known[place, first.key, second.key] = said
        return self._known[place, first.key, second.key]

    async def _ask(
        self, place: int, told: tuple[str, str], shown: tuple[str, str] | None
    ) -> Answer:
        can = self.ctx.capabilities(self.provider)
        options = self.options
        sampling = Sampling(max_tokens=options.max_tokens, temperature=options.temperature)
        turned = None if shown is None else (shown[1], shown[0])
        requests: list[Request] = [
            question(self.subject, self.views.inputs[place].call, each, seen, can, sampling)
            for each, seen in ((told, shown), ((told[1], told[0]), turned))
        ]
        samples = [each[0] for each in await self.ctx.sample(requests, self.provider)]
        unpaid = [sample.error for sample in samples if sample.unpaid]
        self.cut_short = self.cut_short or next((each for each in unpaid if each), "")
        forward, backward = (_text(sample) for sample in samples)
        return answer(forward, backward)


_TURNED: Mapping[Answer, Answer] = {
    "first": "second",
    "second": "first",
    "neither": "neither",
    "contradicted": "contradicted",
    "unusable": "unusable",
}


def _text(sample: Sample) -> str | None:
    return None if sample.completion is None else sample.completion.text
