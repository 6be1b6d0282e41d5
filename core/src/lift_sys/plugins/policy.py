"""Which distributions a person lets in."""

import os
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .metadata import CORE, normalised

ALLOW = "LIFT_SYS_PLUGINS_ALLOW"
DENY = "LIFT_SYS_PLUGINS_DENY"


class Policy(NamedTuple):
    """Allow and deny lists; what is denied stays out even where it is allowed too. The core's own
    components are always in."""

    allow: frozenset[str] | None = None
    """None: every distribution."""
    deny: frozenset[str] = frozenset()

    @classmethod
    def of(cls, allow: Iterable[str] | None = None, deny: Iterable[str] = ()) -> "Policy":
        return cls(
            allow=None if allow is None else frozenset(map(normalised, allow)),
            deny=frozenset(map(normalised, deny)),
        )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Policy":
        """Comma-separated names; an empty list is none."""
        return cls.of(allow=_names(environ, ALLOW) or None, deny=_names(environ, DENY))

    def within(self, outer: "Policy") -> "Policy":
        """What both let in."""
        if self.allow is None or outer.allow is None:
            allow = outer.allow if self.allow is None else self.allow
        else:
            allow = self.allow & outer.allow
        return Policy(allow, self.deny | outer.deny)

    def denial(self, distribution: str) -> str | None:
        """Why this distribution stays out; None: it does not."""
        name = normalised(distribution)
        if name == CORE:
            return None
        if name in self.deny:
            return "is on the deny list"
        if self.allow is not None and name not in self.allow:
            return "is not on the allow list"
        return None


def _names(environ: Mapping[str, str], variable: str) -> list[str]:
    return [name for name in map(str.strip, environ.get(variable, "").split(",")) if name]
