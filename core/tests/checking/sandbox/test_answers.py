"""A child's stream is read with distrust."""

import json

import pytest

from lift_sys.checking.sandbox.protocol import Answers, Malformed
from lift_sys.interfaces import Invocation, SandboxLimits

LIMITS = SandboxLimits(output_bytes=1000)
READY = {}
LOADED = {"loaded": None, "stdout": ""}
CALLS = (Invocation(function="f", args=([1], "a")),) * 2
SEVEN = {"outcome": "returned", "value": 7, "args_after": [], "stdout": "x"}


def framed(*frames):
    texts = [frame if isinstance(frame, bytes) else json.dumps(frame).encode() for frame in frames]
    return b"".join(len(text).to_bytes(4, "big") + text for text in texts)


def test_answers_come_in_pieces_of_any_size():
    stream = framed(READY, LOADED, SEVEN, SEVEN)
    for size in (1, 3, len(stream)):
        answers = Answers(CALLS, LIMITS)
        for at in range(0, len(stream), size):
            assert not answers.complete
            answers.feed(stream[at : at + size])
        assert answers.complete
        assert [seen.value for seen in answers.observations] == [7, 7]
        assert answers.stdout == "xx"


def test_what_comes_after_the_last_answer_is_not_looked_at():
    answers = Answers(CALLS[:1], LIMITS)
    answers.feed(framed(READY, LOADED, SEVEN) + b"\xff" * 100)
    assert answers.complete


def test_arguments_left_alone_are_those_that_were_given():
    answers = Answers(CALLS, LIMITS)
    answers.feed(framed(READY, LOADED, SEVEN | {"args_after": True}, SEVEN | {"args_after": None}))
    assert [seen.args_after for seen in answers.observations] == [([1], "a"), None]


def test_printed_text_is_kept_up_to_the_limit():
    answers = Answers(CALLS, LIMITS)
    much = SEVEN | {"stdout": "y" * 800}
    answers.feed(framed(READY, LOADED, much, much))
    assert answers.stdout == "y" * 1000


@pytest.mark.parametrize(
    "frame",
    [
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"[" * 5000,
        b'{"outcome": "returned", "value": NaN}',
        b'{"outcome": "returned", "value": ' + b"9" * 5000 + b"}",
        {"outcome": "pass"},
        {"outcome": "returned", "value": 1, "verdict": "pass"},
        {"outcome": "returned", "value": {"$": "no such tag", "v": 1}},
        {"outcome": "returned", "value": {"$": "set", "v": [[1]]}},
        {"outcome": "returned", "value": {"$": "set", "v": list(range(10_001))}},
        {"outcome": "returned", "value": 1, "args_after": [{"$": "int", "v": "zz"}]},
        {"outcome": "returned", "value": 1, "args_after": False},
        {"outcome": "returned", "value": 1, "args_after": 1},
        {"outcome": "returned", "value": 1, "stdout": 5},
    ],
    ids=lambda frame: str(frame)[:40],
)
def test_what_is_no_answer_is_refused(frame):
    answers = Answers(CALLS[:1], SandboxLimits())
    answers.feed(framed(READY, LOADED))
    with pytest.raises(Malformed):
        answers.feed(framed(frame))


def test_a_frame_larger_than_can_be_is_refused_before_it_comes():
    answers = Answers(CALLS[:1], LIMITS)
    with pytest.raises(Malformed):
        answers.feed((2**31).to_bytes(4, "big"))
