"""Modal as a caller sees it, without an account: an app's class by name, its calls, its volume.

A deployed class is the very one that is declared, run by `.local()` with the double as its engine.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import modal
import pytest
from lift_sys_modal.app import declared
from lift_sys_modal.calls import CLASS
from lift_sys_modal.engine import settings
from lift_sys_modal.plugin import ModalOptions
from lift_sys_modal.serving import SETTINGS

ENGINE = Path(__file__).with_name("engine_double.py")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def local_settings(options: ModalOptions, adapters=(), trouble: str = "") -> str:
    """Those of the deployment, but for the engine and its address."""
    told, port = settings(options, adapters), free_port()
    told["address"] = f"http://127.0.0.1:{port}"
    served = [f"--serve={name}" for name in told["served"]]
    told["command"] = [sys.executable, str(ENGINE), f"--port={port}", *served]
    told["command"] += [f"--trouble={trouble}"] if trouble else []
    return json.dumps(told)


@contextmanager
def container(options: ModalOptions, adapters=(), trouble: str = "") -> Iterator[Any]:
    """With the double as its engine."""
    with entered(options, adapters, local_settings(options, adapters, trouble)) as model:
        yield model


@contextmanager
def entered(options: ModalOptions, adapters, told: str) -> Iterator[Any]:
    """The declared class with its engine up, as the first call finds it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SETTINGS, told)
        model = declared(options, adapters).model()
        model.health.local()  # enters
        try:
            yield model
        finally:
            model.end()


def aio(work: Callable[..., Any]) -> Any:
    """As Modal's methods are: for tasks under `.aio`."""
    return SimpleNamespace(aio=work)


@dataclass
class FakeModal:
    """What `answer` gives or raises is what a call gives or raises."""

    answer: Callable[[Mapping[str, Any]], Any] = lambda body: {}
    apps: set[str] = field(default_factory=lambda: {"lift-sys"})
    containers: int = 1
    health: Callable[[], Any] = lambda: {"ok": True, "served": ["m"]}
    cancelled: int = 0
    bodies: list[Mapping[str, Any]] = field(default_factory=list)
    looked_up: list[tuple[Any, ...]] = field(default_factory=list)
    deployed: list[Mapping[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    refuses: Exception | None = None
    """What the first contact raises, such as of an account that is not logged in."""
    undeployable: Exception | None = None

    def install(self, patch: pytest.MonkeyPatch) -> "FakeModal":
        patch.setattr(modal.Client, "from_env", aio(self._client))
        patch.setattr(modal.Cls, "from_name", self._cls)
        patch.setattr(modal.Volume, "listdir", aio(self._listdir))
        patch.setattr(modal.Volume, "batch_upload", self._upload)
        patch.setattr(modal.App, "lookup", aio(self._lookup))
        patch.setattr(modal.App, "deploy", aio(self._deploy))
        return self

    def _check(self, app: str) -> None:
        if app not in self.apps:
            raise modal.exception.NotFoundError(f"App '{app}' not found")

    async def _client(self) -> Any:
        return SimpleNamespace(hello=aio(self._hello))

    async def _hello(self) -> None:
        if self.refuses is not None:
            raise self.refuses

    def _cls(self, app: str, name: str, *, environment_name: str | None, client: Any) -> Any:
        assert name == CLASS
        self.looked_up.append((app, environment_name, client))
        return _Cls(self, app)

    async def spawn(self, app: str, body: Mapping[str, Any]) -> Any:
        self._check(app)
        self.bodies.append(json.loads(json.dumps(body)))  # as it is sent
        running = asyncio.ensure_future(self._answered(body))

        async def cancel() -> None:
            self.cancelled += 1
            running.cancel()
            await asyncio.wait([running])

        async def get() -> Any:
            return await asyncio.shield(running)

        return SimpleNamespace(get=aio(get), cancel=aio(cancel))

    async def _answered(self, body: Mapping[str, Any]) -> Any:
        told = self.answer(body)
        return await told if asyncio.iscoroutine(told) else told

    async def told_health(self, app: str) -> Any:
        self._check(app)
        return self.health()

    async def stats(self, app: str) -> Any:
        self._check(app)
        return SimpleNamespace(num_total_runners=self.containers)

    async def find(self, app: str) -> None:
        self._check(app)

    async def _lookup(self, app: str, *, environment_name: str | None, client: Any) -> Any:
        self._check(app)

        async def stop(client: Any) -> None:
            self.apps.remove(app)

        return SimpleNamespace(stop=aio(stop))

    async def _deploy(self, *, name: str, environment_name: str | None, client: Any) -> None:
        if self.undeployable is not None:
            raise self.undeployable
        self.apps.add(name)
        self.deployed.append({"name": name, "environment": environment_name})

    async def _listdir(self, path: str) -> list[Any]:
        places = {file.rpartition("/")[0] for file in self.files}
        if not places:
            raise modal.exception.NotFoundError("no such folder")
        return [SimpleNamespace(path=place) for place in sorted(places)]

    @asynccontextmanager
    async def _upload(self):
        def put(folder: str, to: str) -> None:
            for path in Path(folder).iterdir():
                self.files[f"{to.strip('/')}/{path.name}"] = path.read_bytes()

        yield SimpleNamespace(put_directory=put)


class _Cls:
    def __init__(self, world: FakeModal, app: str) -> None:
        self.hydrate = aio(lambda: world.find(app))
        stats = aio(lambda: world.stats(app))
        spawn = aio(lambda body: world.spawn(app, body))
        self.complete = SimpleNamespace(spawn=spawn, get_current_stats=stats)
        self.health = SimpleNamespace(remote=aio(lambda: world.told_health(app)))

    def __call__(self) -> "_Cls":
        return self
