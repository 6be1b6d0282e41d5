import math
import re

import pytest

from lift_sys.interfaces import Invocation, Job
from lift_sys.ir import IR, assertions, check, decode, encode, unfilled
from lift_sys.prompts import PromptLibrary, features
from lift_sys.prompts.shots import Shot, load_shots
from lift_sys.testing.sandboxes import TrustingSandbox

SHOTS = load_shots().shots
BASE = load_shots()

TEST_TASKS = [
    *("get_grade", "filter_even_numbers", "count_words", "first_element", "classify_number"),
    *("find_value_index", "to_title_case", "calculate_factorial", "get_type_name", "clamp"),
    *("validate_password", "calculate_average", "is_valid_email", "get_fibonacci"),
    *("is_prime_number", "safe_int", "get_min_max", "merge_dicts"),
]
TEST_LITERALS = ["'too short'", "'no number'", "'no uppercase'", "'valid'", "'other'", "'int'"]
TEST_WORDS = [
    *("grade", "even", "email", "e-mail", "password", "factorial", "fibonacci", "prime"),
    *("average", "clamp", "merge", "title-case", "minimum", "maximum", "uppercase"),
]


@pytest.fixture(params=SHOTS, ids=lambda shot: shot.id)
def shot(request) -> Shot:
    return request.param


def test_there_are_enough_and_each_is_its_own():
    assert len(SHOTS) >= 14
    assert len({shot.id for shot in SHOTS}) == len(SHOTS)
    assert len({shot.specification.signature.name for shot in SHOTS}) == len(SHOTS)


def test_its_ir_is_right_in_every_detail(shot):
    ir = IR.model_validate_json(shot.ir)
    assert check(ir) == ()
    assert unfilled(ir) == ()
    assert ir == shot.specification
    assert ir.signature.name == shot.id
    assert len(assertions(ir)) == len(ir.assertions) >= 3
    assert f"def {shot.id}(" in shot.code


async def test_its_code_does_what_its_ir_asserts(shot):
    ir = shot.specification
    names = [parameter.name for parameter in ir.signature.parameters]
    parsed = [predicate for _, predicate in assertions(ir)]
    examples = [one.example for one in parsed if one.example is not None]
    rules = [one for one in parsed if one.example is None]
    assert len(examples) >= 2
    assert rules
    calls = [
        Invocation(
            function=shot.id,
            args=tuple(encode(value) for value in example.args),
            kwargs={name: encode(value) for name, value in example.kwargs},
        )
        for example in examples
    ]
    report = await TrustingSandbox().run(Job(source=shot.code, invocations=tuple(calls)))
    assert report.loaded is None
    for example, seen in zip(examples, report.observations, strict=True):
        if example.raises:
            assert seen.exception == example.raises
            continue
        result = decode(seen.value)
        assert (type(result), result) == (type(example.expected), example.expected)
        after = [decode(value) for value in seen.args_after]
        known = {"result": result, **dict(zip(names, after, strict=True))}
        known |= {f"old_{name}": value for name, value in zip(names, example.args, strict=True)}
        for rule in rules:
            namespace = {"math": math}
            exec(rule.compile_source(), namespace)
            told = {name: known[name] for name in rule.names}
            assert namespace["holds"](**told), f"{rule.source} for {example.args}"


async def test_no_constant_satisfies_its_rules(shot):
    """Examples differ in their answers, so a constant function fails one of them."""
    examples = [one.example for _, one in assertions(shot.specification) if one.example]
    assert len({repr((example.expected, example.raises)) for example in examples}) >= 2


def test_it_thinks_about_all_four_points(shot):
    points = re.findall(r"^\d\. (\w+)", shot.thinking, re.MULTILINE)
    assert points == ["Literals", "Quirks", "Edge", "Paths"]


def test_it_gives_no_test_task_away(shot):
    text = f"{shot.id} {shot.request} {shot.ir} {shot.code}"
    assert not [name for name in TEST_TASKS if name in text]
    assert not [literal for literal in TEST_LITERALS if literal in text]
    assert not [word for word in TEST_WORDS if re.search(rf"\b{word}\b", text.lower())]


def test_its_tags_are_features_of_its_request(shot):
    """Most of them: some tell of what the answer shows, not of what the request says."""
    types = [parameter.type for parameter in shot.specification.signature.parameters]
    found = features(shot.request, [*types, shot.specification.signature.returns])
    assert len(shot.tags & found) >= len(shot.tags) / 2


def test_the_topics_are_covered():
    tags = {tag for shot in SHOTS for tag in shot.tags}
    assert tags >= {
        *("literals", "type_test", "fails", "position", "several", "branches", "first", "last"),
        *("all", "empty", "in_place", "division", "none", "zero", "dict", "joining", "counting"),
    }


@pytest.mark.parametrize(
    ("request_text", "wanted"),
    [
        ("Tell what sort of value it is: an int, a bool? Check the type", "storage_tag"),
        ("Return 0 instead when the key is missing", "read_option"),
        ("Return the last line that starts with a dash", "last_departure"),
        ("Return 'red' below 3 and 'green' otherwise", "tank_notice"),
        ("Is there a slash after the first letter of the text?", "names_amount"),
        ("Give both the number of hits and the sum of the misses as a tuple", "account_flows"),
        ("Delete all blanks from the list in place", "drop_stale"),
        ("Group the words by their length into a dict", "group_by_shelf"),
        ("Divide the coins evenly: how many for each, how many left over", "cable_lengths"),
    ],
)  # fmt: skip
def test_the_examples_fit_the_request(request_text, wanted):
    chosen = BASE.choose(features(request_text), 3)
    assert wanted in [shot.id for shot in chosen]
    assert len(chosen) == 3


def test_choices_differ_come_back_and_keep_the_order_of_the_base():
    about = features("Return the first word, or None when the list is empty")
    sets = [tuple(shot.id for shot in BASE.choose(about, 3, choice)) for choice in range(21)]
    assert len(set(sets)) == 20
    assert sets[20] == sets[0]
    assert not set(sets[0]) & set(sets[1])
    assert all(list(ids) == sorted(ids) for ids in sets)
    assert BASE.choose(about, 3) == BASE.choose(about, 3, 0)
    # What other choices show still has something to do with the request.
    assert all(shot.tags & about for choice in range(20) for shot in BASE.choose(about, 3, choice))


@pytest.mark.parametrize("count", [0, 1, 17, 40])
def test_any_number_can_be_had(count):
    chosen = BASE.choose(frozenset(), count)
    assert len(chosen) == min(count, len(SHOTS))


def test_the_digest_knows_every_word():
    for field in ("request", "thinking", "code"):
        other = SHOTS[0].model_copy(update={field: getattr(SHOTS[0], field) + " "})
        changed = BASE.model_copy(update={"shots": (other, *SHOTS[1:])})
        assert type(BASE)(shots=changed.shots).digest != BASE.digest
    assert PromptLibrary().shots.digest == BASE.digest
