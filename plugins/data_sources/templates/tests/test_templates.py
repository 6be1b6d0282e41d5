import pytest

from lift_sys.checking.sandbox import default_sandbox
from lift_sys.data.families.registry import families, family_named
from lift_sys.data.made import make
from lift_sys.data.suite import choose
from lift_sys.data.training_tasks import TrainingTasks
from lift_sys.errors import InputError
from lift_sys.testing.conformance import DataSourceConformance


class TestTemplates(DataSourceConformance):
    component = "templates"
    options = {"limit": 12, "wordings": 2}
    limit = 4


def tasks(**options):
    return list(TrainingTasks(default_sandbox, **options).tasks())


def test_they_are_of_the_training_cell_and_none_is_of_the_generated_suite():
    found = tasks(seed=2, limit=150)
    assert len({task.metadata["family"] for task in found}) > 60
    evaluated = {chosen.made.parameters for chosen in choose(0, 60)}
    for task in found:
        name, number = task.metadata["family"], int(task.id.rpartition("/")[2])
        made = make(family_named(name), 2, number)
        assert made.cell == "training"
        assert made.signature == task.signature
        assert not made.is_open or made.parameters not in evaluated


def test_a_smaller_set_is_the_beginning_of_a_larger_one():
    whole = tasks(limit=30, wordings=3)
    assert tasks(limit=8, wordings=3) == whole[:8]
    assert [task.id.partition("~")[2] for task in whole[:3]] == ["", "2", "3"]
    assert len({task.request for task in whole[:3]}) == 3
    assert whole[0].signature == whole[2].signature
    assert tasks(limit=8, seed=1) != tasks(limit=8)


def test_only_families_that_may_be_trained_on():
    found = tasks(limit=10, families=("clamp", "first_match"))
    assert {task.metadata["family"] for task in found} == {"clamp", "first_match"}
    held_out = next(family.name for family in families() if family.held_out)
    for name in ("clmp", held_out):
        with pytest.raises(InputError, match="no training family"):
            tasks(families=(name,))
