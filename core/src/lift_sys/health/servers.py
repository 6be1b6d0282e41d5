"""Model servers on this machine: their well-known ports are asked, and nothing else."""

import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast

from .findings import Finding

_SECTION = "servers"
_SECONDS = 2.0
_SHOWN = 3
_MOST_BYTES = 1 << 20


class Server(NamedTuple):
    name: str
    port: int
    start: str
    """What a person types to have one."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"


WELL_KNOWN = (
    Server("Ollama", 11434, "`ollama serve`, then `ollama pull qwen2.5-coder:7b`"),
    Server("vLLM", 8000, "`pip install vllm`, then `vllm serve Qwen/Qwen2.5-Coder-7B-Instruct`"),
    Server("llama.cpp", 8080, "`llama-server -hf Qwen/Qwen2.5-Coder-7B-Instruct-GGUF`"),
    Server("LM Studio", 1234, "`lms server start`, then `lms load`"),
)


class Answer(NamedTuple):
    server: Server
    models: tuple[str, ...] = ()
    """What it serves; none: see `detail`."""
    detail: str = ""


def ask_servers(servers: Sequence[Server] = WELL_KNOWN) -> list[Answer]:
    """All at once, each for a short while, however slowly it answers."""
    found: dict[Server, Answer] = {}

    def ask(server: Server) -> None:
        found[server] = _ask(server)

    # Daemons, as one that is never answered must not keep the program from ending.
    threads = [threading.Thread(target=ask, args=(server,), daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + _SECONDS
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    late = f"something listens there and does not answer within {_SECONDS:g} s"
    answered = dict(found)
    return [answered.get(server, Answer(server, detail=late)) for server in servers]


def find(servers: Sequence[Server] = WELL_KNOWN) -> Iterator[Finding]:
    for server, models, detail in ask_servers(servers):
        where = f"{server.name} on port {server.port}"
        if models:
            first, *_ = models
            shown = ", ".join(models[:_SHOWN])
            more = f" and {len(models) - _SHOWN} more" if len(models) > _SHOWN else ""
            yield Finding(
                section=_SECTION,
                name=where,
                state="ok",
                detail=f"serves {shown}{more}",
                remedy=f"`{{use: openai, base_url: {server.url}, model: {first}}}` uses it",
            )
        else:
            yield Finding(
                section=_SECTION, name=where, state="absent", detail=detail, remedy=server.start
            )


def _ask(server: Server) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_SECONDS)
    try:
        connection.request("GET", "/v1/models", headers={"Accept": "application/json"})
        response = connection.getresponse()
        raw = response.read(_MOST_BYTES)
    except ConnectionRefusedError:
        return Answer(server, detail="nothing listens there")
    except (OSError, http.client.HTTPException) as error:
        return Answer(server, detail=f"what listens there does not answer: {error}")
    finally:
        connection.close()
    models = _models(raw)
    if models is None:
        return Answer(server, detail="something else listens there: it lists no models")
    return Answer(server, models, "" if models else "it answers, and has no model")


def _models(raw: bytes) -> tuple[str, ...] | None:
    try:
        document: Any = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(document, dict) or "data" not in document:
        return None
    rows = cast("dict[str, Any]", document)["data"]
    if rows is None:  # Ollama, before the first `pull`
        return ()
    if not isinstance(rows, list):
        return None
    entries = [
        cast("dict[str, Any]", row) for row in cast("list[Any]", rows) if isinstance(row, dict)
    ]
    return tuple(str(entry["id"]) for entry in entries if "id" in entry)
