"""Components that are built outside a pipeline."""

import json
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError

from ..errors import InputError
from ..interfaces import CheckRef, ComponentRef, Engine, ProviderRef, ScorerRef, StrategyRef
from ..plugins import KINDS, PluginManager

LOCAL = "local"
"""The engine of this process."""


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


def named(kind: str, text: str, manager: PluginManager, remedy: str) -> Any:
    """`text`: a component, or `NAME={"option": ...}`. Raises InputError, and PluginError where
    nothing offers it; `remedy`: where its options want other components."""
    use, equals, stated = text.partition("=")
    component = manager.component(kind, use)
    singular = KINDS[kind].singular
    try:
        options = component.options.model_validate(json.loads(stated) if equals else {})
    except (ValueError, ValidationError) as error:
        raise InputError(
            f"these are no options of the {singular} {use!r}: {stated:.200}",
            remedy=f"give them as JSON, as in '{use}={{\"name\": 1}}' (lift plugins show {use})",
        ) from error
    return manager.build(component, options, NoParts(singular, use, remedy))


def named_engine(text: str, manager: PluginManager) -> Engine:
    return named("engines", text, manager, "name it under `engine:` in a pipeline")


def text_of(use: str, options: BaseModel) -> str:
    """What `named` makes the same of."""
    return f"{use}={options.model_dump_json(exclude_unset=True)}"
