"""One reply while it is written: its tokens so far, and when it ends."""
# The annotations of torch are partial.
# pyright: reportUnknownMemberType=false

import hashlib
from dataclasses import dataclass, field
from typing import Any, Literal

import torch

from lift_sys.interfaces import Completion, Sampling

from .constraints import Matcher
from .loading import Loaded
from .plugin import TransformersOptions
from .worker import TransformersJob

_SPARE = 8
"""Tokens before a stop sequence that are read with it: the first of them may be half a word."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """How tokens are drawn."""

    temperature: float
    top_k: int
    top_p: float

    @classmethod
    def of(cls, sampling: Sampling, options: TransformersOptions, config: Any) -> "Drawing":
        """What is not asked for is as the model's own config says."""
        own = config.temperature if config.do_sample else 0.0
        temperature = own if sampling.temperature is None else sampling.temperature
        drawn = bool(config.do_sample)
        top_k = options.top_k if options.top_k is not None else (config.top_k if drawn else 0)
        top_p = options.top_p if options.top_p is not None else (config.top_p if drawn else 1.0)
        return cls(
            temperature=1.0 if temperature is None else float(temperature),
            top_k=int(top_k or 0),
            top_p=1.0 if top_p is None else float(top_p),
        )


@dataclass(slots=True, eq=False)
class Row:
    job: TransformersJob
    loaded: Loaded
    most: int
    """Tokens, at most."""
    drawing: Drawing
    generator: torch.Generator
    matcher: Matcher | None
    tokens: list[int] = field(default_factory=list[int])
    logprobs: list[float] = field(default_factory=list[float])
    finish: Literal["stop", "length"] | None = None
    _cut: int | None = None
    """Where the text ends, at a stop sequence."""

    @property
    def goes_on(self) -> bool:
        return self.finish is None and not self.job.given_up

    def take(self, token: int, logprob: float) -> None:
        self.tokens.append(token)
        self.logprobs.append(logprob)
        if self.matcher is not None:
            self.matcher.accept(token)
        done = self.matcher is not None and self.matcher.is_done
        if token in self.loaded.ends or done or self._stops():
            self.finish = "stop"
        elif len(self.tokens) >= self.most:
            self.finish = "length"

    def completion(self) -> Completion:
        text = self._text(self.tokens)
        wanted = self.job.request.sampling.logprobs
        return Completion(
            text=text if self._cut is None else text[: self._cut],
            finish=self.finish or "length",
            logprobs=tuple(self.logprobs) if wanted else None,
        )

    def _stops(self) -> bool:
        stops = [stop for stop in self.job.request.sampling.stop if stop]
        if not stops:
            return False
        # A token is a byte at least.
        longest = max(len(stop.encode("utf-8", "replace")) for stop in stops)
        if not any(stop in self._text(self.tokens[-longest - _SPARE :]) for stop in stops):
            return False
        text = self._text(self.tokens)
        places = [text.find(stop) for stop in stops if stop in text]
        self._cut = min(places, default=None)
        return self._cut is not None

    def _text(self, tokens: list[int]) -> str:
        said: Any = self.loaded.tokenizer.decode(
            [token for token in tokens if token not in self.loaded.ends], skip_special_tokens=True
        )
        return said


def generator_of(seed: int | None, place: int, device: torch.device) -> torch.Generator:
    """Its own for each reply, so that what else is in a batch changes nothing."""
    generator = torch.Generator(device=device)
    if seed is None:
        generator.seed()
    else:
        told = hashlib.sha256(f"{seed}:{place}".encode()).digest()
        generator.manual_seed(int.from_bytes(told[:8], "big") >> 1)
    return generator
