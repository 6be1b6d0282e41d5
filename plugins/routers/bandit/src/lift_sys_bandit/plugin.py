"""Registers the router; light on purpose."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator

from lift_sys.interfaces import ConfigPath, RouteRef, StatedText
from lift_sys.plugins import Component, Options, Remark, hookimpl

Share = Annotated[float, Field(ge=0, le=1)]
Inside = Annotated[float, Field(gt=0, lt=1)]


def _place(value: Any) -> Any:
    """A database's URL as it is; a path against the file that states it."""
    if isinstance(value, StatedText) and "://" not in value:
        return str((value.base / Path(value).expanduser()).absolute())
    return value


class Tier(Options):
    route: RouteRef
    """A key of `routes:`, or `default` for the pipeline's own stages."""
    usd: float = Field(gt=0)
    """What one attempt on it is expected to cost, in US dollars, until its costs are known."""
    passes: Inside = 0.5
    """P(pass) before anything is known."""


class BanditOptions(Options):
    tiers: tuple[Tier, ...] = Field(min_length=1, max_length=20)
    """From the cheapest to the strongest. A task that fails goes on to a later one, never back."""
    store: Annotated[str, BeforeValidator(_place)] | None = None
    """Whose verdicts it learns from: the path of a store, or its `postgresql://` URL. A file that
    is not there yet teaches nothing; none: it learns from no store."""
    runs: int = Field(default=100, ge=1, le=100_000)
    """The latest runs of the store that are read."""
    state: ConfigPath | None = None
    """What `python -m lift_sys_bandit.learn` wrote: learnt elsewhere, also from hidden grades."""
    choose: Literal["thompson", "expected"] = "thompson"
    """By chances drawn from what is known, so that what is little known is tried; or by the most
    likely ones."""
    worth: float | None = Field(default=None, gt=0)
    """US dollars that a right answer is worth; none: ten times the dearest tier's `usd`."""
    strength: float = Field(default=4.0, gt=0)
    """How many tries what is known before them counts as: of a tier before its first, of a category
    beside the tier's others, of a difficulty beside the category's others."""
    half_life: float = Field(default=500.0, gt=0)
    """After so many later tries on its route a try counts half."""
    mistaken: Inside = 0.05
    """The share of answers that pass and are wrong, before any audit."""
    audit: Share = 0.05
    """The share of accepted answers of other tiers that the strongest one is asked for too."""
    seed: int = 0
    """Of its dice: another one explores and audits other tasks."""

    @field_validator("tiers")
    @classmethod
    def _each_once(cls, tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
        names = [tier.route.root for tier in tiers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"listed twice: {', '.join(twice)}")
        return tiers


def _remarks(options: BanditOptions) -> Sequence[Remark]:
    if options.store is not None or options.state is not None:
        return ()
    return (
        Remark(
            "it has neither `store` nor `state`, so it learns nothing from earlier runs",
            "give it `store:`, the place where the pipeline keeps its record",
        ),
    )


@hookimpl
def lift_sys_routers() -> list[Component]:
    return [
        Component(
            name="bandit",
            factory="lift_sys_bandit.router:Bandit",
            summary="Learns from the store which route pays for which tasks",
            options=BanditOptions,
            remarks=_remarks,
        )
    ]
