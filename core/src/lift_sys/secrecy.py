"""Keys that stay secret: taken as such, and blotted out of whatever a server or an SDK says."""

import json
import logging
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import AfterValidator, SecretStr


def _sendable(secret: SecretStr) -> SecretStr:
    """Without the line end of a file that it was read from. Refuses what no HTTP header can carry,
    without showing it."""
    text = secret.get_secret_value()
    if not sendable(text.strip()):
        raise ValueError("holds characters that no HTTP header can carry: copy it anew")
    return SecretStr(text.strip())


Secret = Annotated[SecretStr, AfterValidator(_sendable)]
"""What an option that holds a key is declared as."""


def sendable(text: str) -> bool:
    return text.isascii() and text.isprintable()


class Blotter:
    """Gives a text without the secrets, however they are quoted in it, and without signs that a
    terminal obeys or no file can hold."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = filter(None, secrets)
        self._forms = sorted(set[str]().union(*map(_spellings, known)), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        text = self.blot(text)
        return text if text.isprintable() else "".join(map(_visible, text))

    def blot(self, text: str) -> str:
        """Without the secrets, and else as it is: for what a model said."""
        for form in self._forms:
            text = text.replace(form, "***")
        return text


def _spellings(secret: str) -> set[str]:
    once = json.dumps(secret)[1:-1]
    return {secret, repr(secret)[1:-1], once, json.dumps(once)[1:-1]}


def _visible(sign: str) -> str:
    return sign if sign.isprintable() else repr(sign)[1:-1]


class CleanLogs(logging.Filter):
    """What an SDK and its HTTP client log, even where a server tells a key back. It stands on the
    loggers themselves, so that no handler sees anything else."""

    def __init__(self, clean: Blotter, loggers: Sequence[str]) -> None:
        super().__init__()
        self._clean = clean
        self._loggers = loggers

    def begin(self) -> None:
        for name in self._loggers:
            logging.getLogger(name).addFilter(self)

    def end(self) -> None:
        for name in self._loggers:
            logging.getLogger(name).removeFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        told = record.getMessage()
        clean = self._clean(told)
        if clean != told:
            record.msg, record.args = clean, ()
        return True
