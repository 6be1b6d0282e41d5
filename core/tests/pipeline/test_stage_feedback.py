from lift_sys.interfaces import Failure, Feedback
from lift_sys.pipeline.stages.feedback import MAX_CHARS, describe


def wrong(call: str, expected: str = "1", got: str = "2") -> Failure:
    return Failure(
        category="wrong_output", message="a wrong result", input=call, expected=expected, got=got
    )


def test_a_failure_says_what_where_expected_and_got():
    assert describe(Feedback(failures=(wrong("f([1])"),))) == (
        "- wrong result: a wrong result\n  for f([1])\n  expected 1, got 2"
    )


def test_the_smallest_inputs_come_first_and_the_rest_is_counted():
    failures = tuple(wrong(f"f({'9' * size})") for size in (30, 2, 40, 1, 20))
    lines = describe(Feedback(failures=failures)).splitlines()
    assert [line for line in lines if "for f" in line] == [
        "  for f(9)",
        "  for f(99)",
        f"  for f({'9' * 20})",
    ]
    assert lines[-1] == "- and 2 more of this kind (wrong result)"


def test_kinds_keep_their_order_and_repetitions_are_told_once():
    invalid = Failure(category="invalid", message="it does not parse: line 3")
    text = describe(Feedback(failures=(invalid, wrong("f(1)"), invalid)))
    assert text.count("not usable: it does not parse: line 3") == 1
    assert text.index("not usable") < text.index("wrong result")


def test_advice_comes_first_and_alone_is_enough():
    assert describe(Feedback(advice=" shorter ")) == "shorter"
    assert describe(Feedback(advice="a", failures=(wrong("f(1)"),))).startswith("a\n- wrong")


def test_a_long_value_is_cut_in_the_middle():
    text = describe(Feedback(failures=(wrong("f(1)", got="a" * 5000 + "END"),)))
    assert len(text) < 2 * MAX_CHARS
    assert "5003 characters in all" in text
    assert text.endswith("END")


def test_what_happened_is_told_where_nothing_was_expected():
    failure = Failure(category="timeout", message="after 2 s", input="f(99)", got="no answer")
    text = "- too slow, or it never ends: after 2 s\n  for f(99)\n  got no answer"
    assert describe(Feedback(failures=(failure,))) == text
