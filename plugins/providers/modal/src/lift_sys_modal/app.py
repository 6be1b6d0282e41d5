"""The app on Modal, declared: nothing is sent anywhere here."""
# Modal's annotations are partial.
# pyright: reportUnknownMemberType=false

import json
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import modal

from .adapters import Adapter
from .calls import CLASS
from .engine import KEPT, environment, settings
from .plugin import ModalOptions
from .serving import SETTINGS, Serving, fetch

_FETCH_HOURS = 2


class Declared(NamedTuple):
    app: Any
    model: Any
    """The class that serves it."""
    fetch: Any
    """The function that downloads the weights."""


def declared(options: ModalOptions, adapters: Sequence[Adapter], client: Any = None) -> Declared:
    serve, app = options.serve, modal.App(options.app)
    volume = modal.Volume.from_name(
        serve.volume,
        environment_name=options.environment,
        create_if_missing=True,
        client=client,
    )
    common: dict[str, Any] = {
        "image": image_of(options),
        "volumes": {KEPT: volume},
        "secrets": _secrets(options, client),
        "serialized": True,
    }
    fetching = app.function(name="fetch", timeout=3600 * _FETCH_HOURS, **common)(fetch)
    serving = cast("Any", app.cls)(
        gpu=serve.gpu,
        env={SETTINGS: json.dumps(settings(options, adapters))},
        min_containers=serve.least,
        max_containers=max(serve.most, serve.least),
        scaledown_window=serve.idle_seconds,
        timeout=round(60 * serve.call_minutes),
        startup_timeout=round(60 * serve.start_minutes),
        enable_memory_snapshot=serve.snapshot,
        experimental_options={"enable_gpu_snapshot": True} if serve.snapshot else {},
        **common,
    )(modal.concurrent(max_inputs=serve.calls)(_hooked(serve.snapshot)))
    return Declared(app, serving, fetching)


def image_of(options: ModalOptions) -> modal.Image:
    """Of this very Python, as the class is sent in its form; with a compiler for vLLM's kernels."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return (
        modal.Image.debian_slim(python_version=version)
        .apt_install("build-essential")
        .uv_pip_install(f"vllm=={options.serve.vllm}", "aiohttp>=3.10")
        .env(environment(options))
        .add_local_python_source("lift_sys_modal", ignore=["**/__pycache__"])
    )


def _secrets(options: ModalOptions, client: Any) -> list[modal.Secret]:
    name = options.serve.secret
    if name is None:
        return []
    return [
        modal.Secret.from_name(
            name,
            environment_name=options.environment,
            required_keys=["HF_TOKEN"],
            client=client,
        )
    ]


def _hooked(snapshot: bool) -> type:
    """What Modal calls when; a snapshot is taken between the two that enter."""
    hooks: dict[str, Any] = {
        "load": modal.enter(snap=snapshot)(Serving.load),
        "wake": modal.enter()(Serving.wake),
        "complete": modal.method()(Serving.complete),
        "health": modal.method()(Serving.health),
        # Under a name of its own: a hook cannot be called from within.
        "stop": modal.exit()(Serving.end),
    }
    return type(CLASS, (Serving,), hooks)
