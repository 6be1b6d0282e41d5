"""What runs in the container: vLLM's own server as a child, and the calls passed on to it.

It knows nothing of lift-sys and little of vLLM: the command comes from the deployment, bodies from
the caller. So a newer caller needs no new deployment.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from threading import Thread
from typing import Any

import aiohttp
import modal
import modal.experimental

SETTINGS = "LIFT_SYS_MODAL"
"""The environment variable that holds the settings, as JSON."""
_COMPLETIONS = "/v1/chat/completions"
_KEPT_LINES = 30
_POLL_SECONDS = 0.2
_END_SECONDS = 20.0
_QUICK_SECONDS = 60.0
_MOMENT = 2.0
"""Seconds between a broken connection and the end of the engine that broke it."""


def fetch(model: str, revision: str | None) -> None:
    """Puts the weights on the volume, from a machine without a GPU; a path is on it already."""
    if model.startswith("/"):
        return
    import_module("huggingface_hub").snapshot_download(model, revision=revision)


class EngineFailed(Exception):
    """The engine did not start, or ended; with the last lines that it wrote."""


class Serving:
    """The engine, from its start to its end. The first three run before any call."""

    def load(self) -> None:
        """Starts the engine, waits until it is ready, warms it up; for a snapshot, asleep."""
        self._settings: dict[str, Any] = json.loads(os.environ[SETTINGS])
        self._address: str = self._settings["address"]
        self._lines = deque[str](maxlen=_KEPT_LINES)
        self._engine = subprocess.Popen(
            self._settings["command"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self._wait_until_ready()
            for body in self._settings["warm_up"]:
                self._post(_COMPLETIONS, body)
            self._asleep = bool(self._settings["sleeps"])
            if self._asleep:
                self._post("/sleep?level=1")
        except EngineFailed:
            self.end()
            raise

    def wake(self) -> None:
        if self._asleep:
            self._post("/wake_up")
            self._asleep = False

    async def complete(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The server's status and document; what it serves, where it has not what was asked for.

        A cancelled call closes the connection, at which vLLM stops writing.
        """
        try:
            limit = aiohttp.ClientTimeout(total=None)
            async with (
                aiohttp.ClientSession(self._address, timeout=limit) as session,
                session.post(_COMPLETIONS, json=body) as response,
            ):
                status, text = response.status, await response.text()
        except aiohttp.ClientError as error:
            await self._give_up_if_ended()
            raise EngineFailed(self._told(f"the engine broke off the call: {error}")) from None
        told: dict[str, Any] = {"status": status, "body": text}
        if status == 404:
            told["served"] = self._settings["served"]
        return told

    def health(self) -> dict[str, Any]:
        """Whether the engine answers, and what it serves."""
        ended = self._engine.poll()
        answers = ended is None and self._answers()
        return {"ok": answers, "served": self._settings["served"], "ended": ended}

    def end(self) -> None:
        self._engine.terminate()
        try:
            self._engine.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._engine.kill()
            self._engine.wait()
        self._reader.join()
        if self._engine.stdout is not None:
            self._engine.stdout.close()

    def _read(self) -> None:
        """Into the container's log, too."""
        assert self._engine.stdout is not None
        for line in self._engine.stdout:
            self._lines.append(line.rstrip())
            sys.stdout.write(line)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + self._settings["start_seconds"]
        while not self._answers():
            ended = self._engine.poll()
            if ended is not None:
                self._reader.join()
                raise EngineFailed(self._told(f"the engine ended with status {ended}"))
            if time.monotonic() > deadline:
                raise EngineFailed(self._told("the engine was not ready in time"))
            time.sleep(_POLL_SECONDS)

    def _answers(self) -> bool:
        with suppress(OSError), self._open("/health") as response:
            return response.status == 200
        return False

    def _post(self, path: str, body: Mapping[str, Any] | None = None) -> None:
        try:
            with self._open(path, json.dumps(body or {}).encode()) as response:
                response.read()
        except urllib.error.HTTPError as error:
            said = error.read().decode("utf-8", "replace")
            error.close()
            raise EngineFailed(self._told(f"{path} was answered {error.code}: {said}")) from None
        except OSError as error:
            raise EngineFailed(self._told(f"{path} was not answered: {error}")) from None

    def _open(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(
            self._address + path, data=body, headers={"content-type": "application/json"}
        )
        wait = _QUICK_SECONDS if body is None else self._settings["start_seconds"]
        return urllib.request.urlopen(request, timeout=wait)

    async def _give_up_if_ended(self) -> None:
        """No further call comes to this container, so that another one takes its place."""
        try:
            await asyncio.to_thread(self._engine.wait, _MOMENT)
        except subprocess.TimeoutExpired:
            return
        await asyncio.to_thread(self._reader.join)
        if not modal.is_local():
            experimental: Any = modal.experimental  # which has another form for tasks, `.aio`
            await experimental.stop_fetching_inputs.aio()

    def _told(self, what: str) -> str:
        return "\n".join([what, *self._lines])
