"""What vendors ask for their models: a dated list, over which a person lays one of their own.

    ["api.example.com"]
    dated = 2026-11-01
    batch = 0.5
    models = [{names = ["small", "small-latest"], input = 0.4, output = 1.6, cached = 0.1}]

A price in a provider's own options goes before both.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import RootModel

from ..errors import ProviderError
from ..interfaces import Capabilities, Health, Price, Provider, Reply, Request
from ..ir import Frozen
from ..prompts.data import read_text, read_toml

_SNAPSHOT = re.compile(r"[-@](\d{4}-\d{2}-\d{2}|\d{8})$")
"""The day in the name of a model that is kept as it was then: it costs what the model costs."""


class _Models(Price):
    names: tuple[str, ...]


class _Vendor(Frozen):
    dated: date
    """When the vendor asked this."""
    batch: float = 1.0
    models: tuple[_Models, ...]


class _File(RootModel[dict[str, _Vendor]]):
    """By vendor."""


class PriceList:
    """By vendor and model."""

    def __init__(self, prices: Mapping[tuple[str, str], Price] | None = None) -> None:
        self._prices = _shipped() if prices is None else prices

    @classmethod
    def over_shipped(cls, path: Path | None) -> "PriceList":
        """Raises ConfigError for a file that is no price list."""
        return cls() if path is None else cls({**_shipped(), **_read(read_text(path), str(path))})

    def find(self, vendor: str, model: str) -> Price | None:
        found = self._prices.get((vendor, model))
        return found or self._prices.get((vendor, _SNAPSHOT.sub("", model)))

    def applied(self, capabilities: Capabilities) -> Capabilities:
        """With what its calls cost: by the list, where the provider knows no price."""
        price = capabilities.price
        if price is None and capabilities.vendor:
            price = self.find(capabilities.vendor, capabilities.model)
        if price is not None and capabilities.batch:
            price = price.in_batch()
        if price is capabilities.price:
            return capabilities
        return capabilities.model_copy(update={"price": price})


class Priced:
    """A provider that knows its price: for providers that are made of it."""

    def __init__(self, provider: Provider, prices: PriceList) -> None:
        self._provider = provider
        self._prices = prices

    def capabilities(self) -> Capabilities:
        return self._prices.applied(self._provider.capabilities())

    async def complete(self, requests: Sequence[Request]) -> Sequence[Reply | ProviderError]:
        return await self._provider.complete(requests)

    async def health(self) -> Health:
        return await self._provider.health()

    async def aclose(self) -> None:
        await self._provider.aclose()


@cache
def _shipped() -> Mapping[tuple[str, str], Price]:
    text = (files("lift_sys.pipeline") / "prices.toml").read_text(encoding="utf-8")
    return _read(text, "prices.toml")


def _read(text: str, name: str) -> dict[tuple[str, str], Price]:
    """Raises ConfigError with every mistake in it."""
    vendors = read_toml(_File, text, name).root
    return {
        (vendor, model): _price(models, said)
        for vendor, said in vendors.items()
        for models in said.models
        for model in models.names
    }


def _price(models: _Models, vendor: _Vendor) -> Price:
    stated: dict[str, Any] = models.model_dump(exclude={"names"}, exclude_unset=True)
    return Price.model_validate({"dated": vendor.dated, "batch": vendor.batch, **stated})
