"""A provider that draws from a simulated model: text in, completions out."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from ...errors import ProviderError, RequestRejected
from ...interfaces import Capabilities, Completion, Health, Reply, Request, Task, Usage
from ...pipeline.identity import request_digest
from .model import Said, SimulatedModel

Say = Callable[[Task, Request, Said], str]
"""Puts what the model means into the words of a reply."""


def in_json(task: Task, request: Request, said: Said) -> str:
    """As a `SimulatedProblem` reads it."""
    return json.dumps(said._asdict())


class SimulatedProvider:
    """Knows its tasks by their request, which stands somewhere in what it is asked.

    With a `say` of its own it answers the real stages: give it the code of a right answer and of
    wrong ones.
    """

    def __init__(self, model: SimulatedModel, tasks: Sequence[Task], say: Say = in_json) -> None:
        self.model = model
        self._tasks = {task.request.strip(): task for task in tasks}
        self._say = say
        self._unseeded = Counter[str]()
        self.calls = 0
        self.draws = 0
        """Completions given."""

    def capabilities(self) -> Capabilities:
        model = self.model
        return Capabilities(
            model=model.name,
            n=model.n,
            in_flight=256,
            seed=True,
            logprobs=True,
            constraints=frozenset({"json_schema", "regex", "grammar"}),
            price=model.price,
        )

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        self.calls += 1
        if self.model.latency:
            await asyncio.sleep(self.model.latency)
        return [self._answer(request) for request in requests]

    async def health(self) -> Health:
        return Health(ok=True, detail="simulated")

    async def aclose(self) -> None:
        pass

    def _answer(self, request: Request) -> Reply | ProviderError:
        task = self._task(request)
        if task is None or request.sampling.n > self.model.n:
            return RequestRejected(
                "the simulated model knows no task with such a request"
                if task is None
                else f"asked for {request.sampling.n} completions of at most {self.model.n}",
                remedy="give it the task, and keep to capabilities().n",
            )
        prompt = "\0".join(message.content for message in request.messages)
        told = task.request.strip() not in request.messages[-1].content
        dice, sampling = self._dice(request), request.sampling
        completions: list[Completion] = []
        for _ in range(sampling.n):
            said = self.model.draw(task, prompt, sampling.temperature, dice, told=told)
            sure = (self.model.log_probability(task, said),) if sampling.logprobs else None
            text = self._say(task, request, said)
            completions.append(Completion(text=text, logprobs=sure))
        self.draws += sampling.n
        usage = Usage(
            input_tokens=self.model.input_tokens,
            output_tokens=self.model.output_tokens * sampling.n,
        )
        return Reply(completions=tuple(completions), usage=usage, model=self.model.name)

    def _task(self, request: Request) -> Task | None:
        texts = [message.content for message in reversed(request.messages)]
        exact = next((self._tasks[text] for text in texts if text in self._tasks), None)
        if exact is not None:
            return exact
        found = [known for known in self._tasks if any(known in text for text in texts)]
        return self._tasks[max(found, key=len)] if found else None

    def _dice(self, request: Request) -> Random:
        """Seeded by the request, so that the order of calls makes no difference."""
        digest, seed = request_digest(request), request.sampling.seed
        if seed is None:
            self._unseeded[digest] += 1
            return Random(f"{self.model.seed} {digest} unseeded {self._unseeded[digest]}")
        return Random(f"{self.model.seed} {digest} {seed}")
