"""What the stages that ask a model have in common: from a problem to a request, and back."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Self, TypeVar

from ...interfaces import (
    Candidate,
    CandidateDrawn,
    Capabilities,
    Completion,
    Constraint,
    Context,
    Digest,
    Failure,
    Feedback,
    Message,
    Origin,
    Request,
    Sample,
    Task,
    Variation,
    Verdict,
)
from ...ir import Frozen, Signature
from ...prompts import Prompt, PromptLibrary, features, find
from ..config import SamplingConfig
from ..context import RunContext
from ..identity import digest, digest_json
from .feedback import describe
from .replies import split_reasoning
from .thoughts import Thought, think_then_answer, thinking

T = TypeVar("T", bound=Frozen)
T_co = TypeVar("T_co", bound=Frozen, covariant=True)


UNPAID = "unpaid"
"""The note of a draw that no budget covered."""
_NOTHING = Completion(text="")


class Rejected(Exception):
    """A reply that is no value of the stage, with what a model should be told."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T_co]):
    """What a reply says, and what had to be mended to read it."""

    value: T_co
    notes: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Memory:
    """What was found out about values, by their canonical form; shared by a problem's copies."""

    behaviours: dict[Digest, Digest] = field(default_factory=dict[Digest, Digest])
    verdicts: dict[Digest, Verdict] = field(default_factory=dict[Digest, Verdict])
    forms: dict[int, tuple[object, Digest]] = field(
        default_factory=dict[int, tuple[object, Digest]]
    )
    """By the identity of values, which are held so that none takes another's place."""


@dataclass(frozen=True, kw_only=True)
class ModelProblem(ABC, Generic[T]):
    """A problem whose draws are replies of a model."""

    task: Task
    prompts: PromptLibrary
    sampling: SamplingConfig
    feedback: Feedback | None = None
    memory: Memory = field(default_factory=Memory)

    @property
    @abstractmethod
    def stage(self) -> str: ...

    @abstractmethod
    def places(self) -> Mapping[str, str]:
        """What fills the stage's prompt, besides what is found in the request."""

    @property
    @abstractmethod
    def signature(self) -> Signature | None:
        """Where it is known already."""

    @abstractmethod
    def constraint(self, variant: str) -> Constraint | None:
        """What a reply must look like; left out where the provider cannot see to it."""

    def constraint_with_reasoning(self) -> Constraint | None:
        """The same for a reply in which reasoning comes first; None: there is none."""
        return None

    @abstractmethod
    def parse(self, text: str) -> Parsed[T]:
        """Raises Rejected."""

    def split(self, text: str) -> tuple[str | None, str]:
        """Reasoning that stands in the reply, and the rest."""
        return split_reasoning(text)

    @abstractmethod
    def form(self, value: T) -> Digest:
        """The digest of its canonical form."""

    @abstractmethod
    async def observe(self, value: T) -> Digest: ...

    @abstractmethod
    async def examine(self, value: T) -> Verdict: ...

    @property
    def variants(self) -> Sequence[str]:
        return tuple(self.prompts.get(self.stage, "chat").variants)

    def with_feedback(self, feedback: Feedback) -> Self:
        return replace(self, feedback=feedback)

    def canonical(self, value: T) -> Digest:
        known = self.memory.forms.get(id(value))
        if known is None:
            known = self.memory.forms[id(value)] = (value, self.form(value))
        return known[1]

    async def behaviour(self, value: T) -> Digest:
        key = self.canonical(value)
        if key not in self.memory.behaviours:
            self.memory.behaviours[key] = await self.observe(value)
        return self.memory.behaviours[key]

    async def check(self, value: T) -> Verdict:
        key = self.canonical(value)
        if key not in self.memory.verdicts:
            self.memory.verdicts[key] = await self.examine(value)
        return self.memory.verdicts[key]

    async def draw(
        self, ctx: Context, n: int, vary: Variation | None = None
    ) -> Sequence[Candidate[T]]:
        vary = vary or Variation()
        can = ctx.capabilities()
        prompt = self.prompts.get(self.stage, can.dialect)
        variant, constraint = self._way(prompt, vary, can)
        request = self._request(prompt, variant, n, vary, constraint)
        if prompt.variants[variant].then:
            return await self._after_thoughts(ctx, request, prompt, variant)
        origin = self._origin(can, request, variant)
        candidates: dict[int, Candidate[T]] = {}

        def keep(place: int, sample: Sample) -> None:
            candidate = self._candidate(ctx.new_id(self.stage), sample, origin)
            candidates[sample.index] = candidate
            tell(ctx, candidate)

        (samples,) = await ctx.sample([request], heard=keep)
        return [candidates[sample.index] for sample in samples]

    def _way(
        self, prompt: Prompt, vary: Variation, can: Capabilities
    ) -> tuple[str, Constraint | None]:
        """By which variant the model is asked, and what its answer is held to."""
        ordinary = next(iter(prompt.variants))
        # Who varies attempts speaks to both stages, and not each offers the same.
        variant = vary.variant if vary.variant in prompt.variants else ordinary
        constraint = self.constraint(variant)
        if constraint is not None or not vary.constrained:
            # What is not constrained is read with more patience, and asked for again.
            return variant, _within(can, constraint)
        plain = _within(can, self.constraint(ordinary))
        if can.reasoning:
            return ordinary, plain
        together = _within(can, self.constraint_with_reasoning())
        apart = prompt.variants[variant].apart
        if together is None and plain is not None and apart is not None:
            return apart, plain
        return variant, together

    async def _after_thoughts(
        self, ctx: Context, request: Request, prompt: Prompt, variant: str
    ) -> Sequence[Candidate[T]]:
        can = ctx.capabilities()
        candidates: dict[int, Candidate[T]] = {}

        def keep(place: int, thought: Thought, answer: Sample) -> None:
            origin = self._origin(can, thought.request, variant)
            candidate = self._candidate(thought.id, answer, origin)
            calls = tuple(call for call in (thought.sample.call, answer.call) if call)
            candidates[place] = replace(candidate, reasoning=thought.text or None, calls=calls)
            tell(ctx, candidates[place])

        then = prompt.fill(variant, "then", {})
        await think_then_answer(ctx, self.stage, request, then, keep)
        return [candidates[place] for place in sorted(candidates)]

    def _origin(self, can: Capabilities, request: Request, variant: str) -> Origin:
        made_from = self.prompts.digest(self.stage, can.dialect)
        return Origin(
            provider="",
            model=can.model,
            prompt=digest(made_from, *(message.content for message in request.messages)),
            variant=variant,
            temperature=request.sampling.temperature,
        )

    def messages(self, prompt: Prompt, variant: str, vary: Variation) -> tuple[Message, ...]:
        """What a model is asked; those who teach one ask in the same words."""
        about = features(self.task.request, self._types())
        places = {**self.places(), **self._found(prompt, about)}
        messages = [Message(role="system", content=prompt.fill(variant, "system", places))]
        for shot in self.prompts.shots.choose(about, prompt.shots, vary.few_shot):
            shown = shot.places
            messages.append(Message(role="user", content=prompt.fill(variant, "user", shown)))
            if prompt.variants[variant].then:
                thought = prompt.fill(variant, "thought", shown)
                messages += thinking(thought, prompt.fill(variant, "then", {}))
            answer = prompt.fill(variant, "answer", shown)
            messages.append(Message(role="assistant", content=answer))
        messages.append(Message(role="user", content=prompt.fill(variant, "user", places)))
        if self.feedback is not None:
            if self.feedback.previous is not None and self.feedback.previous.text:
                previous = self.feedback.previous.text
                messages.append(Message(role="assistant", content=previous))
            categories = dict.fromkeys(one.category for one in self.feedback.failures)
            told = {
                **places,
                "failures": describe(self.feedback),
                "categories": " ".join(categories) or "invalid",
            }
            messages.append(Message(role="user", content=prompt.fill(variant, "feedback", told)))
        return tuple(messages)

    def _request(
        self,
        prompt: Prompt,
        variant: str,
        n: int,
        vary: Variation,
        constraint: Constraint | None,
    ) -> Request:
        asked: dict[str, object] = {"n": n}
        if vary.temperature is not None:
            asked["temperature"] = vary.temperature
        return Request(
            messages=self.messages(prompt, variant, vary),
            sampling=self.sampling.sampling().model_copy(update=asked),
            constraint=constraint,
        )

    def _found(self, prompt: Prompt, about: frozenset[str]) -> Mapping[str, str]:
        """The request's own constraints, less those that the visible examples repeat."""
        name = self.task.name if self.signature is None else self.signature.name
        found = [
            one
            for one in find(self.task.request, name)
            if one.kind != "example" or not self.task.examples
        ]
        quirks = self.prompts.quirks.applying(about, self.stage, prompt.quirks)
        return {
            "found": "\n".join(f"- {one.text}" for one in found),
            "quirks": "\n".join(f"- {quirk.text}" for quirk in quirks),
        }

    def _types(self) -> Sequence[str]:
        values = [value for one in self.task.examples for value in (*one.args, one.expected)]
        types = [type(value).__name__ for value in values if value is not None]
        if self.signature is not None:
            types += [parameter.type for parameter in self.signature.parameters]
            types.append(self.signature.returns)
        return types

    def _candidate(self, identifier: str, sample: Sample, origin: Origin) -> Candidate[T]:
        call, said = sample.call, sample.completion or _NOTHING
        update: dict[str, object] = {"index": sample.index, "seed": sample.seed}
        if call is not None:
            update |= {"provider": call.provider, "model": call.model}
        reasoning, text = self.split(said.text)
        value, failure, notes = self._read(text, sample)
        return Candidate(
            id=identifier,
            stage=self.stage,
            value=value,
            failure=failure,
            text=text,
            reasoning=said.reasoning or reasoning,
            origin=origin.model_copy(update=update),
            calls=() if call is None else (call,),
            logprob=None if said.logprobs is None else sum(said.logprobs),
            tokens=None if said.logprobs is None else len(said.logprobs),
            notes=notes,
        )

    def _read(
        self, text: str, sample: Sample
    ) -> tuple[T | None, Failure | None, Mapping[str, str]]:
        """A value, or why there is none, and notes on either."""
        if sample.completion is None:
            cause = sample.error or "the provider sent nothing"
            failure = Failure(category="infrastructure", message=cause)
            return None, failure, {UNPAID: cause} if sample.unpaid else {}
        try:
            parsed = self.parse(text)
        except Rejected as rejected:
            failure, finish = rejected.failure, sample.completion.finish
            if finish != "stop":
                hint = f"{failure.message} (the reply was cut off: {finish})"
                failure = failure.model_copy(update={"message": hint})
            return None, failure, {}
        return parsed.value, None, parsed.notes


def _within(can: Capabilities, constraint: Constraint | None) -> Constraint | None:
    return constraint if constraint and constraint.kind in can.constraints else None


def tell(ctx: Context, candidate: Candidate[Any]) -> None:
    """At once: it is the answer of who is stopped before the rest of its batch has come."""
    ctx.emit(drawn(candidate))
    if candidate.value is not None and isinstance(ctx, RunContext):
        ctx.find(candidate)


def drawn(candidate: Candidate[Any]) -> CandidateDrawn:
    value, failure, origin = candidate.value, candidate.failure, candidate.origin
    return CandidateDrawn(
        stage=candidate.stage,
        candidate=candidate.id,
        text=candidate.text,
        value=None if value is None else value.model_dump(mode="json"),
        origin=None if origin is None else origin.model_dump(mode="json"),
        failure=None if failure is None else failure.model_dump(mode="json"),
        calls=tuple(call.id for call in candidate.calls),
        parents=candidate.parents,
        notes=dict(candidate.notes),
    )


def examples_text(task: Task, name: str | None) -> str:
    """The visible examples, as a prompt shows them; empty where there are none."""
    if not task.examples:
        return ""
    called = name or "f"
    lines = [
        f"{example.call(called)} raises {example.raises}"
        if example.raises
        else f"{example.call(called)} == {example.expected!r}"
        for example in task.examples
    ]
    unnamed = [] if name else ["(f stands for the function, whatever its name)"]
    return "\n".join([*unnamed, *lines])


def value_digest(value: Frozen) -> Digest:
    return digest_json(value.model_dump(mode="json"))
