"""Specifications right and terse, wrong and verbose, and padded."""

from lift_sys.interfaces import Task
from lift_sys.ir import IR


def ir(name, parameters, returns, effects=(), assertions=(), summary="Do it", **rest):
    return IR.model_validate(
        {
            "intent": {"summary": summary, **rest},
            "signature": {
                "name": name,
                "parameters": [{"name": each, "type": type_} for each, type_ in parameters.items()],
                "returns": returns,
            },
            "effects": [
                {
                    "description": does,
                    **({} if when is None else {"when": when}),
                    "return_values": out,
                }
                for does, when, out in effects
            ],
            "assertions": [{"predicate": each} for each in assertions],
        }
    )


ADVICE = (
    "Carefully evaluate every edge case, such as an empty value, None, zero, a negative number, a "
    "boundary, an invalid or a single or a large one, and return the exact LITERAL described here"
)
TRIVIAL = ["result == result", "True", "isinstance(result, object)", "result is not None or True"]

PASSWORD = Task(
    id="password",
    request="Check a password: return 'too short' below 8 characters, 'no number' if it has no "
    "digit, otherwise 'valid'.",
)
RIGHT_PASSWORD = ir(
    "check",
    {"password": "str"},
    "str",
    [
        ("short", "len(password) < 8", ["too short"]),
        ("no digit", "not any(c.isdigit() for c in password)", ["no number"]),
        ("else", None, ["valid"]),
    ],
    summary="Check a password",
)
WRONG_PASSWORD = ir(
    "check",
    {"password": "str"},
    "str",
    [
        (f"{ADVICE} in case the password is short", "len(password) < 8", ["Password is too short"]),
        (
            f"{ADVICE} in case there is no number",
            "not any(c.isdigit() for c in password)",
            ["Password must contain a number"],
        ),
        (f"{ADVICE} otherwise, mind bool and int, None and False", None, ["Password is valid"]),
    ],
    [
        "isinstance(result, str)",
        "len(result) > 0",
        "check('short') == 'Password is too short'",
        "check('longenough') == 'Password must contain a number'",
        "check('longenough1') == 'Password is valid'",
    ],
    summary="Check a password in a robust, maintainable and user-friendly way",
    rationale="Users like helpful messages.",
)

EXTREMES = Task(id="extremes", request="Return the smallest and the largest number of a list.")
RIGHT_EXTREMES = ir(
    "extremes",
    {"numbers": "list[int]"},
    "tuple[int, int]",
    (),
    ["result == (min(numbers), max(numbers))"],
    summary="The smallest and the largest number",
)
WRONG_EXTREMES = ir(
    "extremes",
    {"numbers": "list[int]"},
    "tuple[int, int]",
    [(f"{ADVICE} for the smallest", None, []), (f"{ADVICE} for the largest", None, [])],
    [
        "result == (min(numbers), min(numbers))",
        "len(result) == 2",
        "isinstance(result, tuple)",
        "result[0] <= result[1]",
        "extremes([1]) == (1, 1)",
    ],
    summary="The smallest and the largest number",
    rationale="A pair of numbers, both exact.",
)
PAIRS = [
    (PASSWORD, RIGHT_PASSWORD, WRONG_PASSWORD),
    (EXTREMES, RIGHT_EXTREMES, WRONG_EXTREMES),
]

HALVES = Task(id="halves", request="Say 'big' or 'small' for a number, and mind the rest.")
HALF_SAID = ir(
    "size",
    {"n": "int"},
    "str",
    [("big ones", "n > 100", ["big"])],
    ["len(result) <= 5"],
    summary="The size of a number",
)
ASKED = [(PASSWORD, RIGHT_PASSWORD), (EXTREMES, RIGHT_EXTREMES), (HALVES, HALF_SAID)]


def padded(specification):
    """Longer in every way, and not a bit more said."""
    data = specification.model_dump(mode="json")
    data["intent"]["rationale"] = f"{ADVICE}. " * 5
    for effect in data["effects"]:
        effect["description"] += f": {ADVICE}"
        effect["implementation_hint"] = ADVICE
    for parameter in data["signature"]["parameters"]:
        parameter["description"] = ADVICE
    said = [each["predicate"] for each in data["assertions"]]
    turned = [_turned(each) for each in said]
    for predicate in [*said, *turned, *TRIVIAL]:
        data["assertions"].append({"predicate": predicate, "rationale": ADVICE})
    data["constraints"] = [{"kind": "must_return", "description": ADVICE}]
    return IR.model_validate(data)


def _turned(predicate):
    for sign, other in ((" == ", " == "), (" <= ", " >= ")):
        left, found, right = predicate.partition(sign)
        if found:
            return f"{right}{other}{left}"
    return predicate
