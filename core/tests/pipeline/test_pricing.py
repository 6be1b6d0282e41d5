"""The price list: dated, right for caches and batches, and overridable."""

import pytest

from lift_sys.errors import ConfigError
from lift_sys.interfaces import Capabilities, Price, Usage
from lift_sys.pipeline.load import load_mapping
from lift_sys.pipeline.pricing import PriceList
from lift_sys.pipeline.trial import tell_building
from lift_sys.plugins import Component, PluginManager
from lift_sys.testing.providers import ANYTHING, ScriptedProvider

OPENAI = "api.openai.com"


def test_every_shipped_price_is_dated_and_plausible():
    prices = PriceList()._prices
    assert {vendor for vendor, _ in prices} == {OPENAI, "api.anthropic.com"}
    for (_, model), price in prices.items():
        assert price.dated is not None, model
        assert price.batch == 0.5
        assert price.cached is not None
        assert price.cached < price.input < price.output
        assert price.written is None or price.input < price.written


def test_a_dated_snapshot_of_a_model_costs_what_the_model_does():
    prices = PriceList()
    plain = prices.find(OPENAI, "gpt-4.1-mini")
    assert plain is not None
    assert prices.find(OPENAI, "gpt-4.1-mini-2025-04-14") == plain
    assert prices.find("api.anthropic.com", "claude-haiku-4-5-20251001") is not None
    assert prices.find(OPENAI, "gpt-4.1-mini-2025-04-14-eu") is None
    assert prices.find("localhost", "gpt-4.1-mini") is None


def test_cached_written_and_batched_tokens_have_their_own_price():
    price = Price(input=4, output=10, cached=1, written=5, batch=0.5)
    usage = Usage(input_tokens=100, cached_tokens=50, written_tokens=30, output_tokens=10)
    assert price.of(usage) == pytest.approx((20 * 4 + 50 * 1 + 30 * 5 + 10 * 10) / 1e6)
    assert price.in_batch().of(usage) == pytest.approx(price.of(usage) / 2)
    assert price.in_batch().in_batch() == price.in_batch()
    assert Price(input=4, output=10).of(usage) == pytest.approx((100 * 4 + 10 * 10) / 1e6)


def test_ones_own_list_lies_over_the_shipped_one(tmp_path):
    file = tmp_path / "prices.toml"
    file.write_text(
        f'["{OPENAI}"]\ndated = 2026-11-01\n'
        'models = [{names = ["gpt-4.1"], input = 7, output = 8, batch = 0.25}]\n'
        '["models.example.org"]\ndated = 2026-11-02\n'
        'models = [{names = ["a", "b"], input = 1, output = 2}]\n'
    )
    prices = PriceList.over_shipped(file)
    mine = prices.find(OPENAI, "gpt-4.1")
    assert mine is not None
    assert (mine.input, mine.cached, mine.batch, str(mine.dated)) == (7, None, 0.25, "2026-11-01")
    assert prices.find("models.example.org", "b") is not None
    assert prices.find(OPENAI, "gpt-5") == PriceList().find(OPENAI, "gpt-5")


def test_a_price_that_the_provider_states_goes_before_the_list():
    known = Capabilities(model="gpt-5", vendor=OPENAI)
    assert PriceList().applied(known).price == PriceList().find(OPENAI, "gpt-5")
    own = known.model_copy(update={"price": Price(input=0, output=0)})
    assert PriceList().applied(own) is own
    unknown = Capabilities(model="gpt-5", vendor="127.0.0.1")
    assert PriceList().applied(unknown).price is None


@pytest.mark.parametrize(
    "text", ["[", "[x]\nmodels = []", '[x]\ndated = 2026-01-01\nmodels = [{names=["a"], input=-1}]']
)
def test_a_list_that_is_none_is_told_with_its_place(tmp_path, text):
    file = tmp_path / "prices.toml"
    file.write_text(text)
    with pytest.raises(ConfigError, match=r"prices\.toml"):
        PriceList.over_shipped(file)


def checked(folder, vendor, model="m", **more):
    """What `lift check` says of a pipeline with a budget in dollars."""
    known = ANYTHING.model_copy(update={"price": None, "vendor": vendor, "model": model})
    provider = ScriptedProvider(lambda _: "said", capabilities=known)
    manager = PluginManager.of(providers=[Component("scripted", lambda *_: provider, "says")])
    stage = {"provider": "main"}
    document = {
        "version": 1,
        "providers": {"main": {"use": "scripted", "rate": {"requests": 5}}},
        "stages": {"specify": stage, "implement": stage},
        "budget": {"usd": 1},
        **more,
    }
    resolved = load_mapping(document, folder, registry=manager)
    assert resolved.providers["main"].rate.requests == 5
    return [str(mistake) for mistake in tell_building(resolved, manager)]


def test_a_pipeline_knows_the_listed_prices(tmp_path):
    assert checked(tmp_path, OPENAI, "gpt-5-mini-2025-08-07") == []
    (unknown,) = checked(tmp_path, "models.example.org")
    assert "price of this model is not known" in unknown
    file = tmp_path / "mine.toml"
    file.write_text(
        '["models.example.org"]\ndated = 2026-11-02\n'
        'models = [{names = ["m"], input = 1, output = 2}]\n'
    )
    assert checked(tmp_path, "models.example.org", prices="mine.toml") == []
    file.write_text("[")
    mistakes = checked(tmp_path, OPENAI, "gpt-5", prices="mine.toml")
    assert len(mistakes) == 1
    assert "mine.toml" in mistakes[0]
