"""The provider: questions of the dialect in, drawn texts out, in a thread that a cancel stops."""

import asyncio
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lift_sys.data.dialect import DIALECT, Asked, DialectError, read_asked
from lift_sys.data.dialect.marks import END
from lift_sys.errors import ProviderError, RequestRejected, UnusableModel
from lift_sys.interfaces import (
    Capabilities,
    Completion,
    Health,
    Parts,
    Reply,
    Request,
    Sampling,
    Usage,
)

from .domain import Signs, asked_beforehand, signs
from .drawing import Cancelled, Drawn, Wanted, draw
from .files import MODELS, Model, load, name_of
from .plugin import EmbeddedOptions
from .questions import Question, plain_prompt, question

_GENERAL: Final = (
    "name a provider that serves general requests: openai, anthropic, transformers or vllm"
)
_REMEMBERED: Final = 4096
_LONGEST: Final = 256
"""Tokens of an answer; none that was taught is longer."""


def create(options: EmbeddedOptions, parts: Parts) -> "EmbeddedProvider":
    return EmbeddedProvider(options)


@dataclass(frozen=True, slots=True)
class _Job:
    """A request that can be answered."""

    place: int
    asked: Asked
    question: Question
    prompt: tuple[int, ...]
    forbidden: tuple[int, ...]
    longest: int
    sampling: Sampling
    seed: int


class EmbeddedProvider:
    def __init__(self, options: EmbeddedOptions) -> None:
        self._options = options
        self._folder: Path = options.path or MODELS / options.model
        self._name = _name(self._folder)
        self._signs: dict[str, Signs] = {}

    def capabilities(self) -> Capabilities:
        return Capabilities(
            model=self._name,
            n=64,
            requests=16,
            in_flight=1,
            seed=True,
            logprobs=True,
            dialect=DIALECT,
            price=self._options.price,
        )

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        stopped = threading.Event()
        try:
            return await asyncio.to_thread(self._complete, requests, stopped)
        except asyncio.CancelledError:
            stopped.set()
            raise

    async def health(self) -> Health:
        try:
            model = await asyncio.to_thread(load, self._folder)
        except UnusableModel as error:
            return Health(ok=False, detail=str(error))
        measured = "" if model.domain else "; where its knowledge ends was not measured"
        return Health(ok=True, detail=f"{model.name}, {self._folder}{measured}")

    async def aclose(self) -> None:
        """It holds nothing open."""

    def _complete(
        self, requests: Sequence[Request], stopped: threading.Event
    ) -> list[Reply | ProviderError]:
        try:
            model = load(self._folder)
            prepared = [
                self._prepared(model, place, request) for place, request in enumerate(requests)
            ]
            jobs = [one for one in prepared if isinstance(one, _Job)]
            refused = self._refused(model, jobs, stopped)
            jobs = [job for job in jobs if job.place not in refused]
            wanted = [self._wanted(model, job, index) for job in jobs for index in _indices(job)]
            drawn = iter(draw(model.network, wanted, stopped.is_set))
        except UnusableModel as error:
            return [error for _ in requests]
        except Cancelled:
            return []  # nobody waits for it
        answers: dict[int, Reply | ProviderError] = {**refused}
        for job in jobs:
            answers[job.place] = _reply(model, job, [next(drawn) for _ in _indices(job)])
        return [
            answers[place] if isinstance(one, _Job) else one for place, one in enumerate(prepared)
        ]

    def _prepared(self, model: Model, place: int, request: Request) -> _Job | ProviderError:
        try:
            asked, again = read_asked(request.messages)
            found = question(asked, again)
        except DialectError as error:
            return RequestRejected(
                f"{model.name} answers the stages' own questions for specifications and code, and "
                f"this is none: {error.cause}",
                remedy=f"{_GENERAL}; it takes no prompts of your own",
            )
        prompt = tuple(model.vocabulary.encode(found.words))
        room = model.network.context - len(prompt)
        if room < 1:
            return RequestRejected(
                f"{model.name} reads {model.network.context} tokens, and this request has "
                f"{len(prompt)}",
                remedy=f"ask for something shorter, or {_GENERAL}",
            )
        sampling = request.sampling
        seed = secrets.randbits(31) if sampling.seed is None else sampling.seed
        longest = min(sampling.max_tokens, _LONGEST, room)
        forbidden = tuple(model.vocabulary.holding(found.senseless))
        seed &= 0x7FFFFFFF
        return _Job(place, asked, found, prompt, forbidden, longest, sampling, seed)

    def _refused(
        self, model: Model, jobs: Sequence[_Job], stopped: threading.Event
    ) -> dict[int, ProviderError]:
        """By place, those whose request is unlike what was taught."""
        if model.domain is None or not self._options.refuse:
            return {}
        prompts = {job.place: plain_prompt(job.asked) for job in jobs}
        keys = {place: " ".join(prompt.words) for place, prompt in prompts.items()}
        fresh = {
            keys[job.place]: prompts[job.place]
            for job in jobs
            if keys[job.place] not in self._signs
        }
        wanted = [asked_beforehand(prompt, model) for prompt in fresh.values()]
        found = draw(model.network, wanted, stopped.is_set)
        if len(self._signs) + len(fresh) > _REMEMBERED:
            self._signs = {}
        known = self._signs
        known |= {
            key: signs(prompt, model.vocabulary, drawn)
            for (key, prompt), drawn in zip(fresh.items(), found, strict=True)
        }
        return {
            place: _outside(model, known[key])
            for place, key in keys.items()
            if known[key].doubt(model.domain) > 0
        }

    def _wanted(self, model: Model, job: _Job, index: int) -> Wanted:
        temperature = job.sampling.temperature
        number = model.vocabulary.number
        return Wanted(
            prompt=job.prompt,
            stops=frozenset({number(job.question.stop), number(END)}),
            longest=job.longest,
            temperature=self._options.temperature if temperature is None else temperature,
            top_p=self._options.top_p,
            seed=job.seed,
            index=index,
            forbidden=job.forbidden,
        )


def _name(folder: Path) -> str:
    try:
        return name_of(folder)
    except UnusableModel:
        return f"embedded-{folder.name}"  # the first call says what is wrong


def _indices(job: _Job) -> range:
    return range(job.sampling.n)


def _outside(model: Model, signs: Signs) -> RequestRejected:
    return RequestRejected(
        f"the request is outside what {model.name} was trained for: {signs.unknown:.0%} of its "
        f"words are unknown to it, and the beginning of its answer has a mean log-probability of "
        f"{signs.logprob:.2f}",
        remedy=_GENERAL,
    )


def _reply(model: Model, job: _Job, drawn: Sequence[Drawn]) -> Reply:
    return Reply(
        completions=tuple(_completion(model, job, one) for one in drawn),
        usage=Usage(
            input_tokens=len(job.prompt),
            output_tokens=sum(len(one.logprobs) for one in drawn),
        ),
        model=model.name,
    )


def _completion(model: Model, job: _Job, drawn: Drawn) -> Completion:
    text = job.question.text(model.vocabulary.decode(drawn.tokens))
    places = [text.find(stop) for stop in job.sampling.stop if stop and stop in text]
    return Completion(
        text=text[: min(places)] if places else text,
        finish="stop" if drawn.ended or places else "length",
        logprobs=drawn.logprobs if job.sampling.logprobs else None,
    )
