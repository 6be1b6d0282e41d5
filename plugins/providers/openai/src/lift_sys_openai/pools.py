"""Connections in small pools: what one call costs grows with the pool that it is sent through."""

import ssl
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import openai

from lift_sys.model_http import PLAIN, received

POOL = 16
"""Connections in one pool: with 300 in it, a call took 4 ms of processor time, most of it there."""


class NoClient(Exception):
    """The environment names a proxy or certificates that cannot be used."""


Connect = Callable[[httpx2.AsyncClient], openai.AsyncOpenAI]


class _Client(httpx2.AsyncClient):
    async def send(self, request: httpx2.Request, **how: Any) -> httpx2.Response:
        return await received(super().send, request, how)


@dataclass(slots=True, eq=False)
class _Pool:
    client: openai.AsyncOpenAI
    busy: int = 0


class Pools:
    """Made as they are needed, and the first ones used first: their connections are warm."""

    def __init__(self, connect: Connect, *, secure: bool, environment: bool) -> None:
        """`secure`: by https; `environment`: whether the variables hold that name proxies and
        certificates."""
        self._connect = connect
        self._secure = secure
        self._environment = environment
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
        try:
            http = self._http()
        except (ImportError, OSError, ValueError) as error:
            raise NoClient(str(error)) from None
        pool = _Pool(self._connect(http))
        self._pools.append(pool)
        return pool

    def _http(self) -> httpx2.AsyncClient:
        if self._trust is None and self._secure:
            # Reading the certificates takes longer than a call: once is enough.
            self._trust = httpx2.create_ssl_context()
        return _Client(
            limits=httpx2.Limits(max_connections=POOL, max_keepalive_connections=POOL),
            verify=self._trust or False,
            trust_env=self._environment,
            headers=PLAIN,
            follow_redirects=False,  # the key goes to no other server
        )
