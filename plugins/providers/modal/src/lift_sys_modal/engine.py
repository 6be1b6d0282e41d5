"""The command of vLLM's server, and all else that a container is told."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .adapters import Adapter
from .plugin import ModalOptions

KEPT = "/models"
"""Where the volume stands in a container."""
HUB = f"{KEPT}/hub"
_ENVIRONMENT = {
    "HF_HOME": HUB,
    "VLLM_CACHE_ROOT": f"{KEPT}/vllm",
    "VLLM_NO_USAGE_STATS": "1",
}
_FOR_SNAPSHOTS = {
    # The server tells `/sleep` and `/wake_up` to developers alone; it listens to this container.
    "VLLM_SERVER_DEV_MODE": "1",
    # Compiling in further processes would keep a snapshot from being taken.
    "TORCHINDUCTOR_COMPILE_THREADS": "1",
}
_PORT = 8000
_ADDRESS = f"http://127.0.0.1:{_PORT}"
_WARM_UP_SCHEMA = {
    "type": "object",
    "properties": {"ready": {"type": "boolean"}},
    "required": ["ready"],
    "additionalProperties": False,
}


def settings(options: ModalOptions, adapters: Sequence[Adapter]) -> dict[str, Any]:
    served = [options.model, *(adapter.name for adapter in adapters)]
    return {
        "command": command(options, adapters),
        "address": _ADDRESS,
        "served": served,
        "start_seconds": 60 * options.serve.start_minutes,
        "sleeps": options.serve.snapshot,
        "warm_up": [_warm_up(name, options.template) for name in served],
    }


def environment(options: ModalOptions) -> dict[str, str]:
    told = dict(_ENVIRONMENT)
    return told | _FOR_SNAPSHOTS if options.serve.snapshot else told


def command(options: ModalOptions, adapters: Sequence[Adapter]) -> list[str]:
    serve = options.serve
    structured = {"backend": serve.engine, "disable_any_whitespace": True}
    words = ["python", "-m", "vllm.entrypoints.openai.api_server"]
    words += [f"--model={options.model}", f"--served-model-name={options.model}"]
    words += ["--host=127.0.0.1", f"--port={_PORT}", "--uvicorn-log-level=warning"]
    words += [f"--dtype={serve.dtype}", f"--gpu-memory-utilization={serve.memory}"]
    words += [f"--structured-outputs-config={json.dumps(structured)}"]
    words += ["--enable-prefix-caching", "--enable-prompt-tokens-details"]
    if options.revision is not None:
        words.append(f"--revision={options.revision}")
    if serve.context is not None:
        words.append(f"--max-model-len={serve.context}")
    if serve.gpus > 1:
        words.append(f"--tensor-parallel-size={serve.gpus}")
    if serve.snapshot:
        words.append("--enable-sleep-mode")
    if adapters:
        rank = max(adapter.rank for adapter in adapters)
        words += ["--enable-lora", f"--max-loras={len(adapters)}"]
        words.append(f"--max-lora-rank={rank}")
        words.append("--lora-modules")
        words += [f"{adapter.name}={KEPT}/{adapter.place}" for adapter in adapters]
    return [*words, *serve.arguments]


def _warm_up(name: str, template: Mapping[str, Any]) -> Mapping[str, Any]:
    """Also compiles what keeps replies to a schema, and loads an adapter."""
    body: dict[str, Any] = {
        "model": name,
        "messages": [{"role": "user", "content": "Are you ready?"}],
        "max_tokens": 16,
        "temperature": 0,
        "structured_outputs": {"json": _WARM_UP_SCHEMA},
    }
    if template:
        body["chat_template_kwargs"] = template
    return body
