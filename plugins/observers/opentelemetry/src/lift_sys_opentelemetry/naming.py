"""What the GenAI conventions call the things of a run; the rest is named `lift_sys.*`.

Stated here, as the conventions' package keeps them where they may move; a test compares.
"""

import json
from collections.abc import Mapping
from typing import Final

from lift_sys.interfaces import CallMade, Capabilities, Delivered

Attributes = dict[str, str | int | float | bool | list[str]]

OPERATION_NAME: Final = "gen_ai.operation.name"
PROVIDER_NAME: Final = "gen_ai.provider.name"
REQUEST_MODEL: Final = "gen_ai.request.model"
RESPONSE_MODEL: Final = "gen_ai.response.model"
USAGE_INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
USAGE_OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"
USAGE_CACHE_READ_INPUT_TOKENS: Final = "gen_ai.usage.cache_read.input_tokens"
USAGE_CACHE_CREATION_INPUT_TOKENS: Final = "gen_ai.usage.cache_creation.input_tokens"
REQUEST_CHOICE_COUNT: Final = "gen_ai.request.choice.count"
RESPONSE_FINISH_REASONS: Final = "gen_ai.response.finish_reasons"
REQUEST_SEED: Final = "gen_ai.request.seed"
OUTPUT_MESSAGES: Final = "gen_ai.output.messages"
TOKEN_TYPE: Final = "gen_ai.token.type"
ERROR_TYPE: Final = "error.type"
SERVER_ADDRESS: Final = "server.address"
TOKEN_USAGE: Final = "gen_ai.client.token.usage"
OPERATION_DURATION: Final = "gen_ai.client.operation.duration"

CALL: Final = "lift_sys.call"
RUN: Final = "lift_sys.run"
TASK: Final = "lift_sys.task"
ROUTE: Final = "lift_sys.route"
STATUS: Final = "lift_sys.status"
CATEGORY: Final = "lift_sys.failure_category"
COST: Final = "lift_sys.cost_usd"
CACHED: Final = "lift_sys.cached"
BATCH: Final = "lift_sys.batch"
ESTIMATED: Final = "lift_sys.usage_estimated"
RETRIES: Final = "lift_sys.retries"
REQUEST: Final = "lift_sys.request"
WHY: Final = "lift_sys.why"
OPERATION: Final = "chat"

_VENDORS: Mapping[str, str] = {"api.openai.com": "openai", "api.anthropic.com": "anthropic"}
_FINISHES: Mapping[str, str] = {"filtered": "content_filter", "cut": "error"}


def whose(made: CallMade, known: Capabilities | None) -> Attributes:
    """What every figure about a call is told by; nothing in it has more than a few values."""
    vendor = "" if known is None else known.vendor
    attributes: Attributes = {
        OPERATION_NAME: OPERATION,
        PROVIDER_NAME: _VENDORS.get(vendor, made.call.provider),
        REQUEST_MODEL: made.call.model if known is None else known.model,
        RESPONSE_MODEL: made.call.model,
    }
    if vendor:
        attributes[SERVER_ADDRESS] = vendor
    if made.error is not None:
        attributes[ERROR_TYPE] = error_type(made)
    return attributes


def error_type(made: CallMade) -> str:
    """No more than this without being asked: an error's text may hold anything."""
    return made.raised or ("cancelled" if made.error == "cancelled" else "_OTHER")


def of_call(made: CallMade, known: Capabilities | None) -> Attributes:
    usage = made.call.usage
    attributes = whose(made, known)
    attributes |= {
        USAGE_INPUT_TOKENS: usage.input_tokens,
        USAGE_OUTPUT_TOKENS: usage.output_tokens,
        USAGE_CACHE_READ_INPUT_TOKENS: usage.cached_tokens,
        USAGE_CACHE_CREATION_INPUT_TOKENS: usage.written_tokens,
        REQUEST_CHOICE_COUNT: max(1, len(made.samples)),
        CALL: made.call.id,
        ESTIMATED: usage.estimated,
        RETRIES: made.retries,
        CACHED: made.call.cached,
        BATCH: made.call.batch,
    }
    if made.call.cost is not None:
        attributes[COST] = made.call.cost
    finishes = [_finish(sample) for sample in made.samples if sample.completion is not None]
    if finishes:
        attributes[RESPONSE_FINISH_REASONS] = finishes
    seeds = {sample.seed for sample in made.samples if sample.seed is not None}
    if len(seeds) == 1:
        attributes[REQUEST_SEED] = seeds.pop()
    return attributes


def answers(made: CallMade) -> Attributes:
    """What was said, for who asked for it."""
    said = [
        {
            "role": "assistant",
            "parts": [{"type": "text", "content": sample.completion.text}],
            "finish_reason": _finish(sample),
        }
        for sample in made.samples
        if sample.completion is not None
    ]
    return {OUTPUT_MESSAGES: json.dumps(said, ensure_ascii=False)} if said else {}


def _finish(sample: Delivered) -> str:
    finish = "stop" if sample.completion is None else sample.completion.finish
    return _FINISHES.get(finish, finish)
