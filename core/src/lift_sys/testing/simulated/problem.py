"""A problem whose right answer is known, and whose check may err as often as you say."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Self

from pydantic import ValidationError

from ...interfaces import (
    Basis,
    Candidate,
    Context,
    Digest,
    Failure,
    Feedback,
    Message,
    Origin,
    Request,
    Sample,
    Sampling,
    Task,
    Variation,
    Verdict,
)
from ...ir import Frozen
from ...pipeline.identity import digest
from ...pipeline.stages.base import UNPAID, drawn
from .model import RIGHT


class SimulatedAnswer(Frozen):
    answer: str
    wording: int

    @property
    def right(self) -> bool:
        return self.answer == RIGHT


@dataclass(frozen=True, slots=True)
class SimulatedProblem:
    """Implements `Problem[SimulatedAnswer]`; its stage is called `simulated`."""

    task: Task
    false_accept: float = 0.0
    """How likely the visible check accepts a wrong answer: always the same ones."""
    seed: int = 0
    """Of which wrong answers it accepts."""
    variants: Sequence[str] = ("plain", "reasoning")
    feedback: Feedback | None = None

    @property
    def stage(self) -> str:
        return "simulated"

    async def draw(
        self, ctx: Context, n: int, vary: Variation | None = None
    ) -> Sequence[Candidate[SimulatedAnswer]]:
        vary = vary or Variation()
        variant = vary.variant or self.variants[0]
        request = Request(
            messages=self._messages(variant, vary.few_shot),
            sampling=Sampling(n=n, max_tokens=200, temperature=vary.temperature, logprobs=True),
        )
        origin = Origin(
            provider="",
            model=ctx.capabilities().model,
            prompt=digest(*(message.content for message in request.messages)),
            variant=variant,
            temperature=vary.temperature,
        )
        candidates: dict[int, Candidate[SimulatedAnswer]] = {}

        def keep(place: int, sample: Sample) -> None:
            candidates[sample.index] = candidate = self._candidate(ctx, sample, origin)
            ctx.emit(drawn(candidate))

        (samples,) = await ctx.sample([request], heard=keep)
        return [candidates[sample.index] for sample in samples]

    def canonical(self, value: SimulatedAnswer) -> Digest:
        return digest(value.answer, str(value.wording))

    async def behaviour(self, value: SimulatedAnswer) -> Digest:
        return digest(value.answer)

    async def check(self, value: SimulatedAnswer) -> Verdict:
        basis = Basis(examples=1)
        coin = Random(f"{self.seed} {self.task.id} {value.answer}")
        if value.right or coin.random() < self.false_accept:
            return Verdict(status="pass", basis=basis)
        wrong = Failure(category="wrong_output", message="a wrong answer", got=value.answer)
        return Verdict(status="fail", basis=basis, failures=(wrong,))

    def with_feedback(self, feedback: Feedback) -> Self:
        return replace(self, feedback=feedback)

    def _messages(self, variant: str, few_shot: int) -> tuple[Message, ...]:
        asked = (
            Message(role="system", content=f"{variant} {few_shot}"),
            Message(role="user", content=self.task.request.strip()),
        )
        if self.feedback is None:
            return asked
        previous = self.feedback.previous
        return (
            *asked,
            Message(role="assistant", content="" if previous is None else previous.text),
            Message(role="user", content="It was wrong."),
        )

    def _candidate(
        self, ctx: Context, sample: Sample, origin: Origin
    ) -> Candidate[SimulatedAnswer]:
        call, completion = sample.call, sample.completion
        update = {"index": sample.index, "seed": sample.seed}
        if call is not None:
            update |= {"provider": call.provider, "model": call.model}
        candidate: Candidate[SimulatedAnswer] = Candidate(
            id=ctx.new_id(self.stage),
            stage=self.stage,
            value=None,
            origin=origin.model_copy(update=update),
            calls=() if call is None else (call,),
        )
        if completion is None:
            cause = sample.error or "the provider sent nothing"
            failure = Failure(category="infrastructure", message=cause)
            return replace(
                candidate, failure=failure, notes={UNPAID: cause} if sample.unpaid else {}
            )
        candidate = replace(candidate, text=completion.text)
        if completion.logprobs is not None:
            sure, tokens = sum(completion.logprobs), len(completion.logprobs)
            candidate = replace(candidate, logprob=sure, tokens=tokens)
        try:
            value = SimulatedAnswer.model_validate(json.loads(completion.text))
        except (json.JSONDecodeError, ValidationError) as error:
            failure = Failure(category="invalid", message=f"the reply is no answer: {error}")
            return replace(candidate, failure=failure)
        return replace(candidate, value=value)
