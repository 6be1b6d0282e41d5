import asyncio
import collections
import hashlib

import pytest

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.contamination import Contamination, Known, MinHash
from lift_sys.data.dataset import Funnel, learnable, training_examples
from lift_sys.data.families.concept import CATEGORIES
from lift_sys.data.families.registry import family_named
from lift_sys.data.made import make
from lift_sys.data.splits import split

COUNT = 600


@pytest.fixture
async def sandbox():
    made = default_sandbox()
    yield made
    await made.aclose()


async def taken(count, sandbox, **options):
    examples = []
    async for example in training_examples(4, sandbox, **options):
        examples.append(example)
        if len(examples) == count:
            break
    return examples


@pytest.fixture(scope="module")
def whole():
    async def drawn():
        sandbox, funnel = default_sandbox(), Funnel()
        try:
            return await taken(COUNT, sandbox, funnel=funnel), funnel
        finally:
            await sandbox.aclose()

    return asyncio.run(drawn())


@pytest.fixture
def examples(whole):
    return whole[0]


def test_examples_are_of_training_cells_and_tell_where_they_come_from(whole):
    examples, funnel = whole
    assert len({example.id for example in examples}) == COUNT
    assert len({example.request for example in examples}) >= 0.99 * COUNT
    for example in examples:
        name, seed, number = example.origin.split(":")
        made = make(family_named(name), int(seed), int(number))
        assert made.cell == "training"
        assert (made.ir, made.code.source) == (example.ir, example.code)
    assert len({example.family for example in examples}) == 69
    assert funnel.drawn > funnel.for_training >= funnel.clean == funnel.passed
    assert funnel.worded > funnel.kept >= COUNT
    assert str(funnel).startswith("drawn ")


@pytest.mark.parametrize(
    ("curriculum", "digest"),
    [
        (1, "066cfbbf5e9814692cf1a3075fb8849f56aa42f3221616504081f1c4909303f0"),
        (2, "7dbdd3bcd32f921a1670d0df5981fb19455e90aef6c2370529f1517d1725929b"),
        (3, "c26debc54d772aaebaa6513ef0b2fd94b14483b3076cd3abca21c44e2aa7dcb5"),
    ],
)
async def test_a_seed_of_a_curriculum_gives_what_it_always_gave(sandbox, curriculum, digest):
    """Models were trained on it: what is new belongs into a further curriculum."""
    examples = await taken(60, sandbox, curriculum=curriculum)
    told = "".join([example.model_dump_json() for example in examples])
    assert hashlib.sha256(told.encode()).hexdigest() == digest


@pytest.mark.parametrize(("curriculum", "count"), [(2, 80), (3, 154)])
async def test_later_curricula_have_the_categories_in_turn_and_composed_functions(
    sandbox, curriculum, count
):
    found = learnable((), curriculum)
    assert {family.category for family in found[:7]} == set(CATEGORIES)
    composed = [family.name for family in found if family.since == curriculum]
    assert len(found) == len(learnable((), curriculum - 1)) + len(composed) == count
    examples = await taken(60, sandbox, of=composed[:3], curriculum=curriculum)
    assert {example.family for example in examples} == set(composed[:3])


async def test_the_same_seed_gives_the_same_examples(sandbox):
    assert await taken(120, sandbox, typos=0.1) == await taken(120, sandbox, typos=0.1)


def test_wordings_of_one_function_differ(examples):
    clusters = collections.defaultdict(list)
    for example in examples:
        clusters[example.cluster].append(MinHash(example.request))
    alike = [
        one.likeness(other)
        for each in clusters.values()
        for place, one in enumerate(each)
        for other in each[:place]
    ]
    assert max(alike) < 0.8


async def test_what_fails_when_run_is_left_out(sandbox, monkeypatch):
    from lift_sys.data import dataset

    def broken(family, seed, number):
        made = make(family, seed, number)
        if family.name == "clamp":
            object.__setattr__(made.concept, "laws", ("result == 'no'",))
        return made

    monkeypatch.setattr(dataset, "make", broken)
    funnel = Funnel()
    examples = await taken(210, sandbox, funnel=funnel)
    assert "clamp" not in {example.family for example in examples}
    assert funnel.passed < funnel.clean


async def test_known_tasks_are_left_out(sandbox):
    first = (await taken(1, sandbox))[0]
    known = Contamination((Known("k", first.request),))
    assert first.request not in {e.request for e in await taken(30, sandbox, contamination=known)}


def test_a_split_keeps_clusters_together_and_categories_in_proportion(examples):
    parts = split(examples)
    clusters = {name: {e.cluster for e in part} for name, part in parts.items()}
    assert not clusters["train"] & (clusters["validation"] | clusters["test"])
    assert not clusters["validation"] & clusters["test"]
    whole = collections.Counter(e.category for part in parts.values() for e in part)
    for category, size in whole.items():
        of = {name: sum(e.category == category for e in part) for name, part in parts.items()}
        assert 0.7 * size <= of["train"] <= 0.9 * size, (category, of)
        assert of["validation"], category
        assert of["test"], category
