"""Writes the replies of several requests at once, token by token."""
# The annotations of torch are partial.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from collections.abc import Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

import torch
from torch import Tensor

from lift_sys.errors import ProviderError, RequestRejected
from lift_sys.interfaces import Reply, Usage
from lift_sys.local_models import closed

from .constraints import Constraints
from .drawing import draw
from .loading import Loaded
from .prompting import prompt_of, room_of
from .rows import Drawing, Row, generator_of
from .worker import TransformersJob


@dataclass(frozen=True, slots=True)
class Asked:
    job: TransformersJob
    prompt: tuple[int, ...]
    rows: tuple[Row, ...]

    def reply(self) -> Reply:
        written = sum(len(row.tokens) for row in self.rows)
        return Reply(
            completions=tuple(row.completion() for row in self.rows),
            usage=Usage(input_tokens=len(self.prompt), output_tokens=written),
            model=self.job.model,
        )


class Writer:
    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self._constraints = Constraints(loaded)
        # Without it, models score every token of the prompt, which fills the memory.
        spares = "logits_to_keep" in signature(loaded.model.forward).parameters
        self._last: dict[str, Any] = {"logits_to_keep": 1} if spares else {}

    def unload(self) -> None:
        self._loaded.unload()

    def write(self, jobs: Sequence[TransformersJob]) -> None:
        """Answers every job. All are of one adapter. Raises ProviderError where that fails."""
        asked: list[Asked] = []
        for job in jobs:
            try:
                if job.given_up:
                    raise closed()
                asked.append(self._asked(job))
            except ProviderError as error:
                job.answer(error)
        if asked:
            adapter = asked[0].job.options.adapter
            folder = None if adapter is None else asked[0].job.options.adapters[adapter]
            with torch.inference_mode(), self._loaded.with_adapter(folder) as model:
                self._write(model, asked)
        for one in asked:
            one.job.answer(closed() if one.job.given_up else one.reply())

    def _asked(self, job: TransformersJob) -> Asked:
        sampling, loaded = job.request.sampling, self._loaded
        if sampling.n > job.options.n:
            raise RequestRejected(
                f"{sampling.n} completions were asked for, and {job.options.n} are the most",
                remedy="raise `n`, and `rows` with it",
            )
        prompt = prompt_of(job.request, job.options, loaded)
        matchers: list[Any] = [None] * sampling.n
        if job.request.constraint is not None:
            matchers = self._constraints.matchers(
                job.request.constraint, job.options.engine, sampling.n
            )
        rows = tuple(
            Row(
                job=job,
                loaded=loaded,
                most=min(sampling.max_tokens, room_of(job.options, loaded) - len(prompt)),
                drawing=Drawing.of(sampling, job.options, loaded.model.generation_config),
                generator=generator_of(sampling.seed, place, loaded.device),
                matcher=matcher,
            )
            for place, matcher in enumerate(matchers)
        )
        return Asked(job, prompt, rows)

    def _write(self, model: Any, asked: Sequence[Asked]) -> None:
        tokens, attention = _padded([one.prompt for one in asked], self._loaded.device)
        read = model(
            input_ids=tokens,
            attention_mask=attention,
            position_ids=_positions(attention),
            use_cache=True,
            **self._last,
        )
        rows = [row for one in asked for row in one.rows]
        # Each prompt is read once, whatever the number of its replies.
        state = _State(read.past_key_values, attention, read.logits[:, -1].float())
        state.select([place for place, one in enumerate(asked) for _ in one.rows])
        while True:
            chosen = draw(state.scores, rows, self._constraints)
            on = [place for place, row in enumerate(rows) if row.goes_on]
            if not on:
                return
            if len(on) < len(rows):
                state.select(on)
                rows, chosen = [rows[place] for place in on], chosen[on]
            state.step(model, chosen)


@dataclass(slots=True)
class _State:
    """What the model knows of every row."""

    known: Any
    attention: Tensor
    scores: Tensor

    def select(self, places: Sequence[int]) -> None:
        if list(places) == list(range(len(self.scores))):
            return
        picked = torch.tensor(places, device=self.attention.device)
        self.known.batch_select_indices(picked)
        self.attention, self.scores = self.attention[picked], self.scores[picked]

    def step(self, model: Any, chosen: Tensor) -> None:
        one = self.attention.new_ones((len(chosen), 1))
        self.attention = torch.cat((self.attention, one), dim=1)
        read = model(
            input_ids=chosen.unsqueeze(1),
            attention_mask=self.attention,
            position_ids=self.attention.sum(1, keepdim=True) - 1,
            past_key_values=self.known,
            use_cache=True,
        )
        self.known, self.scores = read.past_key_values, read.logits[:, -1].float()


def _padded(prompts: Sequence[Sequence[int]], device: torch.device) -> tuple[Tensor, Tensor]:
    """In front, so that all prompts end where their replies begin."""
    longest = max(map(len, prompts))
    tokens = torch.zeros((len(prompts), longest), dtype=torch.long)
    attention = torch.zeros_like(tokens)
    for place, prompt in enumerate(prompts):
        tokens[place, longest - len(prompt) :] = torch.tensor(prompt)
        attention[place, longest - len(prompt) :] = 1
    return tokens.to(device), attention.to(device)


def _positions(attention: Tensor) -> Tensor:
    return (attention.cumsum(-1) - 1).clamp(min=0)
