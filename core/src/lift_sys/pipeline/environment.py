"""`${NAME}`, `${NAME:-default}` and `${keyring:SERVICE/USER}`: expanded for the components, never
shown to anybody."""

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast
from urllib.parse import quote

from ..interfaces import StatedText
from .keyrings import KEYRING, NoSecret, secret_of
from .tree import MASK, Node, Step

_REFERENCE = re.compile(r"\$(?P<escaped>\$\{)|\$\{(?P<body>[^}]*)(?P<end>\}?)")
_BODY = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.DOTALL)
_SHORT = 4
"""Anything shorter stands in every text by chance, and is replaced only where it stands alone."""


class Secrets:
    """What must never be shown, and what is shown instead."""

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        self._pattern: re.Pattern[str] | None = None

    @classmethod
    def named_in(cls, config: Any) -> "Secrets":
        """What the pipeline of a record names, with the values of now."""
        secrets = cls()
        for name in stated_names([json.dumps(config)]):
            secrets.add(os.environ.get(name, ""), f"${{{name}}}")
        return secrets

    def __repr__(self) -> str:
        return f"Secrets({len(self._shown)})"

    def add(self, value: str, shown: str = MASK) -> None:
        if not value or value in self._shown:
            return
        self._shown[value] = shown
        if len(value) >= _SHORT:
            self._forms |= dict.fromkeys(_spellings(value), shown)
            longest_first = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)))

    def redact(self, text: str) -> str:
        """The text with every secret in it replaced by the `${NAME}` it came from."""
        if text in self._shown:
            return self._shown[text]
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda found: self._forms[found[0]], text)

    def redact_data(self, data: Any) -> Any:
        """As `redact`, of all text in plain data; of keys, those that no format could name so."""
        if isinstance(data, str):
            return self.redact(data)
        if isinstance(data, Mapping):
            entries = cast("Mapping[Any, Any]", data)
            return {self._key(k): self.redact_data(v) for k, v in entries.items()}
        if isinstance(data, list | tuple):
            return [self.redact_data(item) for item in cast("Sequence[Any]", data)]
        return data

    def reveal(self, text: str) -> str:
        """The opposite, as far as it goes: what was masked is lost."""
        if "${" not in text:
            return text
        for value, shown in self._shown.items():
            if shown != MASK:
                text = text.replace(shown, value)
        return text

    def reveal_data(self, data: Any) -> Any:
        if isinstance(data, str):
            return self.reveal(data)
        if isinstance(data, Mapping):
            entries = cast("Mapping[Any, Any]", data)
            return {self.reveal_data(k): self.reveal_data(v) for k, v in entries.items()}
        if isinstance(data, list | tuple):
            return [self.reveal_data(item) for item in cast("Sequence[Any]", data)]
        return data

    def _key(self, key: Any) -> Any:
        """A word such as `status` is a field of some format, whatever a variable is set to."""
        is_word = isinstance(key, str) and key.isidentifier() and key.islower()
        return key if is_word else self.redact_data(key)


def stated_names(texts: Iterable[str]) -> set[str]:
    """The environment variables that texts of a pipeline refer to."""
    found = (each["body"] for text in texts for each in _REFERENCE.finditer(text))
    bodies = (_BODY.fullmatch(body) for body in found if body)
    return {body["name"] for body in bodies if body}


def _spellings(value: str) -> set[str]:
    """How a text looks inside JSON, JSON in JSON, a Python literal, a URL and a single line."""
    once = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]}
    twice = {json.dumps(form)[1:-1] for form in once}
    in_url = quote(value, safe="", errors="replace")
    in_line = " ".join(value.split()) or value
    return {value, repr(value)[1:-1], in_url, in_line} | once | twice


class Expander:
    """Turns nodes into the data a model validates, with the environment filled in."""

    def __init__(
        self,
        environ: Mapping[str, str],
        secrets: Secrets,
        tell: Callable[[Node, Sequence[Step], str, str], None],
    ) -> None:
        self._environ = environ
        self._secrets = secrets
        self._tell = tell
        self.unusable: set[Node] = set()
        """Nodes whose text could not be expanded: what a model says of them means nothing."""

    def data(self, node: Node, path: Sequence[Step]) -> Any:
        if isinstance(node.value, dict):
            entries = node.value.items()
            return {key: self.data(child, (*path, key)) for key, child in entries}
        if isinstance(node.value, list):
            return [self.data(item, (*path, i)) for i, item in enumerate(node.value)]
        if isinstance(node.value, str):
            expanded = self._expand(node, node.value, path)
            return StatedText(expanded, node.place.base, node.value)
        return node.value

    def _expand(self, node: Node, text: str, path: Sequence[Step]) -> str:
        def replace(found: re.Match[str]) -> str:
            if found["escaped"]:
                return found["escaped"]
            if found["end"] and found["body"].startswith(KEYRING):
                try:
                    secret = secret_of(found["body"].removeprefix(KEYRING))
                except NoSecret as error:
                    return refuse(error.cause, error.remedy)
                self._secrets.add(secret, found[0])
                return secret
            body = _BODY.fullmatch(found["body"]) if found["end"] else None
            if body is None:
                return refuse(
                    "`${` begins the name of an environment variable",
                    "write ${NAME}, ${NAME:-default} or ${keyring:SERVICE/USER}, and $${ for the "
                    "signs themselves",
                )
            name, default = body["name"], body["default"]
            value = self._environ.get(name)
            if default is not None and not value:
                return default
            if value is None:
                return refuse(
                    f"the environment variable {name} is not set",
                    f"set it, or write ${{{name}:-default}}",
                )
            if not value:
                return refuse(
                    f"the environment variable {name} is set, but empty",
                    f"give it a value, or write ${{{name}:-}} where nothing is meant",
                )
            self._secrets.add(value, f"${{{name}}}")
            return value

        def refuse(cause: str, remedy: str) -> str:
            self.unusable.add(node)
            self._tell(node, path, cause, remedy)
            return ""

        return _REFERENCE.sub(replace, text)
