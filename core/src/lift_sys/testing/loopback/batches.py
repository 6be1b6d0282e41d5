"""Anthropic's Message Batches protocol, as the loopback server speaks it.

batches = MessageBatches(polls=2)
async with LoopbackServer(dialects=batches.dialects) as server: ...
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .answers import Answer, Dialect, Incoming, Spoken
from .messages import error_document, message

Outcome = Literal["succeeded", "errored", "canceled", "expired"]

_PATH = "/v1/messages/batches"


@dataclass(slots=True)
class _Batch:
    results: list[Mapping[str, Any]]
    polls: int
    """So many times it is still said to be under way."""


@dataclass(slots=True)
class MessageBatches:
    """Each request of a batch is answered as the server answers the call that makes the batch."""

    polls: int = 0
    """How often a batch is said to be under way before it has ended."""
    outcome: Callable[[Mapping[str, Any]], Outcome] = lambda _: "succeeded"
    """Of a request, given its parameters."""
    error: str = "api_error"
    """Of those that errored."""
    batches: dict[str, _Batch] = field(default_factory=dict[str, _Batch])
    cancelled: list[str] = field(default_factory=list[str])

    @property
    def dialects(self) -> Mapping[str, Dialect]:
        return {_PATH: self._create, f"{_PATH}/": self._look}

    def _create(self, incoming: Incoming, answer: Answer) -> Spoken:
        if answer.status >= 400:
            return message(incoming, answer)
        name = f"msgbatch_{len(self.batches)}"
        batch = _Batch([], self.polls)
        read, said, completions = 0, 0, 0
        for request in incoming.document["requests"]:
            params = request["params"]
            spoken = message(replace(incoming, document=params), answer)
            outcome = self.outcome(params)
            result: dict[str, Any] = {"type": outcome}
            if outcome == "succeeded":
                result["message"] = spoken.document
                read += spoken.input_tokens
                said += spoken.output_tokens
                completions += spoken.completions
            elif outcome == "errored":
                result["error"] = error_document(self.error, "scripted error")
            batch.results.append({"custom_id": request["custom_id"], "result": result})
        batch.results.reverse()  # they come in no order
        self.batches[name] = batch
        return Spoken(_state(name, "in_progress"), read, said, completions)

    def _look(self, incoming: Incoming, answer: Answer) -> Spoken:
        if answer.status >= 400:
            return message(incoming, answer)
        name, _, what = incoming.path.removeprefix(f"{_PATH}/").partition("/")
        batch = self.batches.get(name)
        if batch is None:
            return Spoken(error_document("not_found_error", f"no batch {name}"), status=404)
        if what == "results":
            body = "".join(json.dumps(result) + "\n" for result in batch.results)
            return Spoken({}, body=body.encode(), content_type="application/x-jsonl")
        if what == "cancel":
            self.cancel(name)
            return Spoken(_state(name, "canceling"))
        if batch.polls:
            batch.polls -= 1
            return Spoken(_state(name, "in_progress"))
        return Spoken(_state(name, "ended"))

    def cancel(self, name: str) -> None:
        """What was not answered yet never will be."""
        self.cancelled.append(name)
        batch = self.batches[name]
        batch.polls = 0
        batch.results = [{**each, "result": {"type": "canceled"}} for each in batch.results]


def _state(name: str, status: str) -> Mapping[str, Any]:
    return {
        "id": name,
        "type": "message_batch",
        "processing_status": status,
        "results_url": f"{_PATH}/{name}/results" if status == "ended" else None,
    }
