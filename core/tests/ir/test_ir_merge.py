from itertools import combinations

import pytest
from hypothesis import given

from lift_sys.ir import IR, check, digest, merge

from .ir_edits import changed
from .ir_strategies import irs


@given(irs(), irs())
def test_a_side_that_changed_nothing_gives_way(base, other):
    assert merge(base, base, other).ir == other
    assert merge(base, other, base).ir == other
    assert merge(base, other, other).ir == other


@given(irs(), irs(), irs())
def test_a_merge_is_an_ir_or_names_its_conflicts_and_both_ways_agree(base, ours, theirs):
    merged, mirrored = merge(base, ours, theirs), merge(base, theirs, ours)
    assert (merged.ir is None) == bool(merged.conflicts)
    assert (merged.ir is None) == (mirrored.ir is None)
    assert {one.path for one in merged.conflicts} == {one.path for one in mirrored.conflicts}
    assert all(str(one).isprintable() for one in merged.conflicts)


@given(irs(), irs())
def test_merging_again_changes_nothing(base, other):
    merged = merge(base, base, other).ir
    assert digest(merge(base, merged, other).ir) == digest(merged)


def test_changes_of_different_fields_come_together(grade):
    intent = {"summary": "Grade"}
    effects = [one.model_dump() for one in grade.effects]
    effects[0]["when"] = "score > 90"
    merged = merge(grade, changed(grade, intent=intent), changed(grade, effects=effects))
    assert merged.conflicts == ()
    assert merged.ir.intent.summary == "Grade"
    assert merged.ir.effects[0].when == "score > 90"
    assert merged.ir.provenance.source == "merge"
    assert len(merged.ir.provenance.parents) == 2


def test_elements_added_and_changed_in_one_list_come_together(grade):
    effects = [one.model_dump() for one in grade.effects]
    ours = changed(
        grade,
        effects=[
            *effects[:2],
            {"description": "A C", "when": "score >= 70", "return_values": ["C"]},
            effects[2],
        ],
    )
    theirs = changed(
        grade, effects=[{**effects[0], "implementation_hint": "compare"}, *effects[1:]]
    )
    merged = merge(grade, ours, theirs).ir
    assert [one.return_values for one in merged.effects] == [("A",), ("B",), ("C",), ("F",)]
    assert merged.effects[0].implementation_hint == "compare"


def test_a_move_and_a_change_come_together(grade):
    effects = [one.model_dump() for one in grade.effects]
    ours = changed(grade, effects=[effects[2], *effects[:2]])
    theirs = changed(
        grade, effects=[effects[0], effects[1], {**effects[2], "order_constraint": "last"}]
    )
    merged = merge(grade, ours, theirs).ir
    assert [one.return_values for one in merged.effects] == [("F",), ("A",), ("B",)]
    assert merged.effects[0].order_constraint == "last"


def test_the_same_field_changed_twice_is_a_conflict_named_by_its_path(grade):
    def with_when(text):
        effects = [one.model_dump() for one in grade.effects]
        effects[1]["when"] = text
        return changed(grade, effects=effects)

    merged = merge(grade, with_when("score > 80"), with_when("score >= 81"))
    assert merged.ir is None
    (conflict,) = merged.conflicts
    assert (conflict.path, conflict.ours, conflict.theirs) == (
        "effects[1].when",
        "score > 80",
        "score >= 81",
    )
    assert (
        str(conflict) == "effects[1].when: changed on both sides "
        '(base "score >= 80", ours "score > 80", theirs "score >= 81")'
    )


def test_removed_here_and_changed_there_is_a_conflict(grade):
    effects = [one.model_dump() for one in grade.effects]
    ours = changed(grade, effects=effects[1:])
    theirs = changed(grade, effects=[{**effects[0], "when": "score > 95"}, *effects[1:]])
    (conflict,) = merge(grade, ours, theirs).conflicts
    assert conflict.path == "effects[0]"
    assert "ours nothing" in str(conflict)


def test_assertions_added_on_both_sides_are_all_kept_once(grade):
    def adding(*more):
        return changed(
            grade,
            assertions=[
                *(one.model_dump() for one in grade.assertions),
                *({"predicate": one} for one in more),
            ],
        )

    merged = merge(
        grade,
        adding("result != 'E'", "result.isupper()"),
        adding("len(result) == 1", "result.isupper()"),
    ).ir
    assert [one.predicate for one in merged.assertions[2:]] == [
        "result != 'E'",
        "result.isupper()",
        "len(result) == 1",
    ]


def test_branches_added_at_one_place_are_a_conflict_because_their_order_counts(grade):
    def adding(letter):
        effects = [one.model_dump() for one in grade.effects]
        return changed(grade, effects=[*effects, {"description": "d", "return_values": [letter]}])

    (conflict,) = merge(grade, adding("X"), adding("Y")).conflicts
    assert conflict.path == "effects"


def test_reordered_differently_is_a_conflict(grade):
    effects = [one.model_dump() for one in grade.effects]
    ours, theirs = (
        changed(grade, effects=[effects[n] for n in order]) for order in ((2, 0, 1), (1, 0, 2))
    )
    (conflict,) = merge(grade, ours, theirs).conflicts
    assert "order" in conflict.why


def test_a_name_renamed_here_and_used_there_is_a_conflict(grade):
    signature = {
        "name": "get_grade",
        "returns": "str",
        "parameters": [{"name": "points", "type": "int", "description": "0 to 100"}],
    }
    effects = [
        {**one.model_dump(), "when": one.when and one.when.replace("score", "points")}
        for one in grade.effects
    ]
    ours = changed(grade, signature=signature, effects=effects)
    theirs = changed(
        grade,
        assertions=[*(one.model_dump() for one in grade.assertions), {"predicate": "score >= 0"}],
    )
    assert check(ours) == check(theirs) == ()
    (conflict,) = merge(grade, ours, theirs).conflicts
    assert conflict.path == "assertions[2].predicate"
    assert "score" in conflict.why


@pytest.mark.parametrize("kind", ["must_return", "position"])
def test_a_constraint_of_another_kind_is_another_constraint(grade, kind):
    ours = changed(grade, constraints=[{"kind": kind, "description": "new"}])
    merged = merge(grade, ours, changed(grade, intent={"summary": "t"})).ir
    assert [one.kind for one in merged.constraints] == [kind]


def test_two_sides_that_make_one_parameter_name_twice_conflict(grade):
    def renaming(*names):
        return changed(
            grade,
            signature={
                **grade.signature.model_dump(),
                "parameters": [{"name": name, "type": "int"} for name in names],
            },
            effects=[],
            assertions=[],
        )

    base = renaming("a", "b", "c")
    merged = merge(base, renaming("z", "a", "b", "c"), renaming("a", "b", "c", "z"))
    assert isinstance(base, IR)
    assert any("two parameters are called 'z'" in one.why for one in merged.conflicts)


def rationale(data):
    data["intent"]["rationale"] = "another"


def returns(data):
    data["signature"]["returns"] = "str | None"


def new_parameter(data):
    data["signature"]["parameters"].append({"name": "scale", "type": "int"})


def first_condition(data):
    data["effects"][0]["when"] = "score > 90"


def second_hint(data):
    data["effects"][1]["implementation_hint"] = "compare"


def without_first_assertion(data):
    del data["assertions"][0]


def another_assertion(data):
    data["assertions"].append({"predicate": "result.isupper()"})


def default_first(data):
    data["effects"].insert(0, data["effects"].pop())


def loop_matches_all(data):
    data["constraints"][1]["matches"] = "all"


def a_hole(data):
    data["holes"].append({"id": "h", "kind": "intent", "type": "str", "description": "what?"})


EDITS = [
    rationale,
    returns,
    new_parameter,
    first_condition,
    second_hint,
    without_first_assertion,
    another_assertion,
    default_first,
    loop_matches_all,
    a_hole,
]


@pytest.mark.parametrize(("one", "other"), list(combinations(EDITS, 2)))
def test_edits_of_different_places_come_together_whoever_made_them(grade, one, other):
    def edited(*edits):
        data = grade.model_dump(mode="json")
        for edit in edits:
            edit(data)
        return IR.model_validate(data)

    both = edited(*sorted((one, other), key=lambda edit: edit is default_first))
    for merged in (
        merge(grade, edited(one), edited(other)),
        merge(grade, edited(other), edited(one)),
    ):
        assert merged.conflicts == ()
        assert digest(merged.ir) == digest(both)
