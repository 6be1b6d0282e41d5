"""Whether what a run costs can be reckoned, where a budget is in dollars."""

from collections.abc import Mapping

from ..errors import Mistake
from ..interfaces import Capabilities
from .load import ResolvedPipeline


def tell_unpriced(
    resolved: ResolvedPipeline, capabilities: Mapping[str, Capabilities]
) -> list[Mistake]:
    """The providers, by name, without a price: a limit that cannot be reckoned would be none."""
    settings = resolved.settings
    if settings.budget.usd is None and settings.run_budget.usd is None:
        return []
    return [
        resolved.of(resolved.providers[name]).mistake(
            "the budget is in dollars, and the price of this model is not known",
            "set its `price`, or limit tokens or calls instead",
        )
        for name, known in capabilities.items()
        if known.price is None and name not in resolved.unused
    ]
