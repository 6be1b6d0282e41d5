"""Secrets from the keyring of the machine, which is looked at only where one is named."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

KEYRING = "keyring:"


class NoSecret(Exception):
    """Why there is none, without a word of what others hold."""

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(cause)
        self.cause = cause
        self.remedy = remedy


def secret_of(entry: str) -> str:
    """`SERVICE/USER`, as `keyring set SERVICE USER` wrote it. Raises NoSecret."""
    service, _, user = entry.rpartition("/")
    if not service or not user:
        raise NoSecret(
            f"`{KEYRING}{entry}` does not say whose secret it is",
            f"write ${{{KEYRING}SERVICE/USER}}",
        )
    if find_spec("keyring") is None:
        raise NoSecret(
            f"`{KEYRING}{entry}` needs the package keyring, which is not installed",
            "pip install 'lift-sys[keyring]'",
        )
    keyring: Any = import_module("keyring")
    try:
        secret: str | None = keyring.get_password(service, user)
    except Exception as error:  # noqa: BLE001 - of whichever keyring the machine has
        # Its text is its own, and may hold anything.
        cause = f"the keyring of this machine cannot be read: {type(error).__name__}"
        raise NoSecret(cause, "unlock it, or put the secret into the environment") from None
    if not secret:
        raise NoSecret(
            f"the keyring holds no secret of {user!r} for {service!r}",
            f"`keyring set {service} {user}` asks for it",
        )
    return secret
