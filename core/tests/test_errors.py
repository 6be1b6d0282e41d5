"""Every error reaches another process whole."""

import inspect
import pickle

import pytest

from lift_sys import errors
from lift_sys.errors import ConfigError, LiftError, Mistake, RateLimited

PLAIN = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type)
    and issubclass(kind, LiftError)
    and set(inspect.signature(kind).parameters) == {"cause", "remedy"}
]


@pytest.mark.parametrize("kind", PLAIN)
def test_an_error_goes_to_another_process(kind: type[LiftError]):
    again = pickle.loads(pickle.dumps(kind("no room", remedy="make some")))
    assert type(again) is kind
    assert (again.cause, again.remedy) == ("no room", "make some")
    assert str(again) == "no room: make some"


def test_what_else_an_error_knows_goes_with_it():
    mistake = Mistake("a.yaml", 3, "seed", "no number")
    again = pickle.loads(pickle.dumps(ConfigError([mistake])))
    assert again.mistakes == (mistake,)
    assert str(again) == str(ConfigError([mistake]))
    limited = RateLimited("too many", retry_after=2.5)
    assert pickle.loads(pickle.dumps(limited)).retry_after == 2.5
    assert len(PLAIN) > 10
