"""What the plugin offers."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from lift_sys.interfaces import ProviderRef
from lift_sys.plugins import Component, Options, hookimpl

Trouble = Literal[
    "unavailable", "rate_limited", "malformed", "out_of_credit", "authentication", "rejected"
]


class FallbackOptions(Options):
    providers: Annotated[tuple[ProviderRef, ...], Field(min_length=2)]
    """Asked in this order; each is an entry of the pipeline's `providers:` table."""
    on: tuple[Trouble, ...] = ("unavailable", "rate_limited", "malformed", "out_of_credit")
    """The errors after which the next one is asked; any other is the answer."""
    timeout: Annotated[float, Field(gt=0)] = 60.0
    """Seconds that one of them may take before the next one is asked, where it does not say itself
    how long it takes; `calls.timeout` does not hold here."""
    failures: Annotated[int, Field(ge=1)] = 3
    """After so many of these errors in a row a provider is left alone for a while."""
    rest: Annotated[float, Field(gt=0)] = 30.0
    """Seconds of this while; then one call tries whether it is back."""

    @model_validator(mode="after")
    def _all_differ(self) -> "FallbackOptions":
        names = [ref.root for ref in self.providers]
        if len(set(names)) < len(names):
            raise ValueError("one provider is named twice under `providers`")
        return self


@hookimpl
def lift_sys_providers() -> list[Component]:
    return [
        Component(
            name="fallback",
            factory="lift_sys_fallback.provider:create",
            summary="Asks the first provider, and the next where that cannot be reached",
            options=FallbackOptions,
        )
    ]
