"""An advice, and how its numbers are said."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from .ratios import Estimate


class Advice(NamedTuple):
    about: str
    """Which rule it comes from."""
    what: str
    """To change."""
    evidence: str
    effect: str
    """That is to be expected."""
    numbers: Mapping[str, Any]


def money(usd: float) -> str:
    return f"${usd:.4f}"


def percent(estimate: Estimate) -> str:
    low = "..." if estimate.low is None else f"{100 * estimate.low:.1f}"
    high = "..." if estimate.high is None else f"{100 * estimate.high:.1f}"
    return f"{100 * estimate.value:.1f} % [{low}, {high}]"
