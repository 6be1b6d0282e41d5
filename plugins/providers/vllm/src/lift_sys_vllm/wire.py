"""Options and requests as vLLM takes them, and what it writes as replies."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from lift_sys.errors import InputError, ProviderError, ProviderUnavailable, UnusableModel
from lift_sys.interfaces import Completion, Constraint, JsonSchema, Regex, Reply, Sampling, Usage
from lift_sys.lora import lora_in

from .plugin import VllmOptions

_FINISHES: Mapping[str, Literal["length", "cut"]] = {"length": "length", "abort": "cut"}
_SEED_BITS = 62
"""What the dice of all devices take."""


def engine_arguments(options: VllmOptions) -> dict[str, Any]:
    """Raises UnusableModel for adapters that could not be served."""
    arguments: dict[str, Any] = {
        "model": options.model,
        "dtype": options.dtype,
        "tensor_parallel_size": options.gpus,
        "enable_prefix_caching": options.prefix_cache,
        "disable_log_stats": True,
        # The whitespace of a weak model need not end.
        "structured_outputs_config": {"backend": options.engine, "disable_any_whitespace": True},
    }
    stated = {
        "revision": options.revision,
        "tokenizer_revision": options.revision,
        "max_model_len": options.context,
        "gpu_memory_utilization": options.memory,
        "max_num_seqs": options.rows,
    }
    return arguments | _given(stated) | _for_adapters(options) | options.arguments


def _given(stated: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stated.items() if value is not None}


def _for_adapters(options: VllmOptions) -> dict[str, Any]:
    if not options.adapters:
        return {}
    try:
        found = [lora_in(folder, options.model) for folder in options.adapters.values()]
    except InputError as error:
        raise UnusableModel(error.cause, remedy=error.remedy) from error
    rank = max(each.kernel_rank for each in found)
    # One place stays empty: on a processor, vLLM 0.32 gives rows without an adapter, written
    # together with others that have one, the adapter in the last place.
    return {"enable_lora": True, "max_loras": len(found) + 1, "max_lora_rank": rank}


def sampling_arguments(
    sampling: Sampling, place: int, options: VllmOptions, defaults: Mapping[str, Any]
) -> dict[str, Any]:
    """Of the reply with this number; what is not asked for is as the model's own config says."""
    stated = {
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": options.top_p,
        "top_k": options.top_k,
        "stop": [stop for stop in sampling.stop if stop] or None,
        "seed": _seed(sampling.seed, place),
        # None but that of the token that was drawn.
        "logprobs": 0 if sampling.logprobs else None,
    }
    return {**defaults, **_given(stated)}


def structured_arguments(constraint: Constraint) -> dict[str, Any]:
    if isinstance(constraint, JsonSchema):
        return {"json": constraint.document}
    if isinstance(constraint, Regex):
        return {"regex": constraint.pattern}
    return {"grammar": constraint.lark}


def _seed(seed: int | None, place: int) -> int | None:
    """vLLM's own are the request's plus the number of the reply: neighbours would share draws."""
    if seed is None:
        return None
    told = hashlib.sha256(f"{seed}:{place}".encode()).digest()
    return int.from_bytes(told[:8], "big") >> (64 - _SEED_BITS)


def reply_of(outputs: Sequence[Any], model: str) -> Reply | ProviderError:
    """From the one output of vLLM for each completion."""
    completions = [output.outputs[0] for output in outputs]
    if any(one.finish_reason == "error" for one in completions):
        return ProviderUnavailable(
            "vLLM gave the request up", remedy="look at what it logs: VLLM_LOGGING_LEVEL=INFO"
        )
    prompt = len(outputs[0].prompt_token_ids)
    return Reply(
        completions=tuple(map(_completion, completions)),
        usage=Usage(
            input_tokens=prompt,
            output_tokens=sum(len(one.token_ids) for one in completions),
            # The first one reads the prompt, and the others find it there.
            cached_tokens=min(prompt, *(output.num_cached_tokens or 0 for output in outputs)),
        ),
        model=model,
    )


def _completion(one: Any) -> Completion:
    logprobs: tuple[float, ...] | None = None
    if one.logprobs is not None:
        steps = zip(one.token_ids, one.logprobs, strict=True)
        logprobs = tuple(step[token].logprob for token, step in steps)
    return Completion(
        text=one.text, finish=_FINISHES.get(one.finish_reason, "stop"), logprobs=logprobs
    )
