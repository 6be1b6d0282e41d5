"""The observer: keeps the metrics, and serves or writes them."""

import time
from threading import Thread
from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, start_http_server, write_to_textfile

from lift_sys.errors import InputError
from lift_sys.interfaces import Event, Parts

from .figures import Figures
from .plugin import PrometheusOptions


def create(options: PrometheusOptions, parts: Parts) -> "PrometheusObserver":
    return PrometheusObserver(options)


class PrometheusObserver:
    """Implements `Observer`."""

    def __init__(self, options: PrometheusOptions) -> None:
        self.registry = CollectorRegistry()
        self._figures = Figures(self.registry)
        self._file = options.file
        self._every = options.every
        self._written = time.monotonic()
        self._served: tuple[WSGIServer, Thread] | None = None
        if self._file is not None:
            self._write()
        if options.port is not None:
            self._served = self._serve(options.port, options.address)

    @property
    def port(self) -> int | None:
        """Where they are served."""
        return None if self._served is None else self._served[0].server_port

    def on_event(self, event: Event) -> None:
        self._figures.add(event)
        if self._file is not None and time.monotonic() - self._written >= self._every:
            self._write()

    def close(self) -> None:
        if self._file is not None:
            self._write()
        served, self._served = self._served, None
        if served is not None:
            server, thread = served
            server.shutdown()
            server.server_close()
            thread.join()

    def _serve(self, port: int, address: str) -> tuple[WSGIServer, Thread]:
        try:
            return start_http_server(port, address, self.registry)
        except (OSError, OverflowError) as error:
            raise InputError(
                f"metrics cannot be served at {address}:{port}: {error}",
                remedy="name another port, or 0 for any free one",
            ) from error

    def _write(self) -> None:
        """At once as a whole: who reads it meets no half of it."""
        assert self._file is not None
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_to_textfile(str(self._file), self.registry)
        except OSError as error:
            raise InputError(
                f"metrics cannot be written to {self._file}: {error.strerror or error}",
                remedy="name a file that can be written",
            ) from error
        self._written = time.monotonic()
