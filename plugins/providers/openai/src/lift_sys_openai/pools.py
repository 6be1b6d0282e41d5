"""Connections in small pools: what one call costs grows with the pool that it is sent through."""

import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx2
import openai

POOL = 16
"""Connections in one pool: with 300 in it, a call took 4 ms of processor time, most of it there."""

Connect = Callable[[httpx2.AsyncClient], openai.AsyncOpenAI]


@dataclass(slots=True, eq=False)
class _Pool:
    client: openai.AsyncOpenAI
    busy: int = 0


class Pools:
    """Made as they are needed, and the first ones used first: their connections are warm."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._pools: list[_Pool] = []
        self._trust: ssl.SSLContext | None = None

    @contextmanager
    def client(self) -> Generator[openai.AsyncOpenAI]:
        pool = next((each for each in self._pools if each.busy < POOL), None)
        if pool is None:
            pool = self._more()
        pool.busy += 1
        try:
            yield pool.client
        finally:
            pool.busy -= 1

    async def aclose(self) -> None:
        pools, self._pools = self._pools, []
        for pool in pools:
            await pool.client.close()

    def _more(self) -> _Pool:
        if self._trust is None:
            # Reading the certificates takes longer than a call: once is enough.
            self._trust = httpx2.create_ssl_context()
        limits = httpx2.Limits(max_connections=POOL, max_keepalive_connections=POOL)
        http = openai.DefaultAsyncHttpxClient(limits=limits, verify=self._trust)
        pool = _Pool(self._connect(http))
        self._pools.append(pool)
        return pool
