"""What people write beside the request itself."""

import random

from lift_sys.data.wording.asides import with_asides
from lift_sys.interfaces import Example

SUM = Example(args=([1, 20],), expected=21)


def drawn(*calls):
    return [with_asides("Add them up.", "total", calls, random.Random(n)) for n in range(600)]


def test_some_requests_tell_an_example_and_its_answer():
    told = [request for request in drawn(SUM) if "[1, 20]" in request]
    assert 60 < len(told) < 120
    assert all("21" in request and request.count("Add them up") == 1 for request in told)
    assert len({request.partition("Add them up")[2] for request in told}) > 5


def test_some_have_a_sentence_before_or_behind_and_most_are_left_alone():
    requests = drawn()
    before = sum(not request.startswith("Add") for request in requests)
    behind = sum(not request.endswith("up.") for request in requests)
    assert min(before, behind) > 20
    assert 60 < before + behind < 120
    assert requests.count("Add them up.") > 450


def test_what_raises_or_is_long_is_never_told():
    raising = Example(args=(0,), raises="ZeroDivisionError")
    long = Example(args=(list(range(100)),), expected=4950)
    assert not any("0" in request for request in drawn(raising, long))
