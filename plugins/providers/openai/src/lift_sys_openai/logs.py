"""What the SDK and its HTTP client log holds no key, even where a server tells it back."""

import logging
from collections.abc import Callable

_LOGGERS = (
    "openai",
    "openai._base_client",
    "openai._response",
    "httpx2",
    "httpcore2.connection",
    "httpcore2.http11",
    "httpcore2.http2",
    "httpcore2.proxy",
)


class CleanLogs(logging.Filter):
    """On the loggers themselves, so that no handler sees anything else."""

    def __init__(self, clean: Callable[[str], str]) -> None:
        super().__init__()
        self._clean = clean

    def begin(self) -> None:
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self)

    def end(self) -> None:
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        clean = self._clean(told)
        if clean != told:
            record.msg, record.args = clean, ()
        return True
