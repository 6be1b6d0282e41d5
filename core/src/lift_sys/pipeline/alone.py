"""Components that are built outside a pipeline."""

from typing import NoReturn

from ..errors import InputError
from ..interfaces import CheckRef, ComponentRef, ProviderRef, ScorerRef, StrategyRef


class NoParts:
    """Outside a pipeline there is nothing to refer to. Implements `Parts`."""

    def __init__(self, kind: str, use: str, remedy: str) -> None:
        self._cause = f"the {kind} {use!r} asks for other components, which only a pipeline has"
        self._remedy = remedy

    def strategy(self, ref: StrategyRef | None) -> NoReturn:
        self._refuse(ref)

    def scorer(self, ref: ScorerRef) -> NoReturn:
        self._refuse(ref)

    def check(self, ref: CheckRef) -> NoReturn:
        self._refuse(ref)

    def provider(self, ref: ProviderRef) -> NoReturn:
        self._refuse(ref)

    def wrapped(self, ref: ProviderRef) -> NoReturn:
        self._refuse(ref)

    def _refuse(self, ref: ComponentRef | ProviderRef | None) -> NoReturn:
        raise InputError(self._cause, remedy=self._remedy)
