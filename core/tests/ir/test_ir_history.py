import json

import pytest

from lift_sys.ir import History, HistoryError, digest

from .ir_edits import changed


@pytest.fixture
def history(grade):
    second = changed(grade, intent={"summary": "Grade"}, provenance={"source": "person"})
    third = changed(second, effects=[])
    return History().add(grade, note="first").add(second).add(third)


def test_versions_are_ordered_and_know_their_parents(history, grade):
    first, second, third = history.versions
    assert first.digest == digest(grade)
    assert (first.parents, second.parents, third.parents) == ((), (first.digest,), (second.digest,))
    assert history.head == third
    assert history.get(0) == history.get(first.digest[:12]) == first
    assert [str(one) for one in history.changes(1)] == [
        "intent.summary: Letter grade of a score -> Grade",
        "intent.rationale: removed: Schools want letters",
    ]
    assert history.changes(0) == ()


def test_the_same_again_is_no_new_version(history):
    assert history.add(history.head.ir) == history


def test_going_back_to_an_old_version_is_a_version(history, grade):
    back = history.add(grade)
    assert len(back.versions) == 4
    assert back.get(digest(grade)[:10]).digest == digest(grade)
    assert History.from_jsonl(back.to_jsonl()) == back


def test_a_merge_has_two_parents(history, grade):
    one, two = history.get(1).digest, history.get(2).digest
    merged = history.add(changed(grade, effects=[]), parents=[one, two])
    assert merged.head.parents == (one, two)


def test_jsonl_keeps_everything_with_provenance(history):
    again = History.from_jsonl(history.to_jsonl())
    assert again == history
    assert again.get(1).ir.provenance.source == "person"
    assert len(history.to_jsonl().splitlines()) == 3


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (
            lambda lines: [lines[0].replace("Letter", "Litter"), *lines[1:]],
            "line 1: the IR is not the one",
        ),
        (lambda lines: lines[1:], "line 1: the parent"),
        (lambda lines: [lines[0], "{", *lines[1:]], "line 2: not JSON"),
        (lambda lines: [lines[0][:-20]], "line 1: not JSON"),
        (lambda lines: ['{"digest": "a"}'], "line 1: ir"),
        (lambda lines: ["[" * 100_000], "line 1"),
    ],
)
def test_a_broken_history_says_where(history, edit, why):
    text = "\n".join(edit(history.to_jsonl().splitlines()))
    with pytest.raises(HistoryError, match=why):
        History.from_jsonl(text)


def test_versions_that_are_not_there(history, grade):
    for name in (7, "zz", ""):
        with pytest.raises(HistoryError):
            history.get(name)
    with pytest.raises(HistoryError, match="no version yet"):
        _ = History().head
    with pytest.raises(HistoryError, match="nope"):
        history.add(grade, parents=["nope"])


def test_the_form_of_a_line_is_plain_json(history):
    line = json.loads(history.to_jsonl().splitlines()[0])
    assert set(line) == {"digest", "parents", "note", "ir"}
