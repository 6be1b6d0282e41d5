from importlib import import_module

import pytest


@pytest.mark.parametrize("package", ["lift_sys", "lift_sys.plugins", "lift_sys.checking.sandbox"])
def test_a_front_lists_what_it_offers(package: str):
    front = import_module(package)
    assert {*front.__all__, "__name__"} <= set(dir(front))
    for name in front.__all__:
        getattr(front, name)


def test_a_front_has_nothing_else():
    with pytest.raises(AttributeError, match="no attribute 'Pipelin'"):
        import_module("lift_sys").Pipelin
