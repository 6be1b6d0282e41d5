"""One function in all its forms, and questions about it."""

from typing import Any

from lift_sys.data.dialect import Asked
from lift_sys.interfaces import Code, Message, Request, Sampling
from lift_sys.ir import IR, Assertion, Effect, Intent, MustReturn, Parameter, Signature

REQUEST = "Return 'too short' if the password has fewer than 8 characters, otherwise 'fine'"
SIGNATURE = Signature(
    name="check_password", parameters=(Parameter(name="password", type="str"),), returns="str"
)
SPECIFICATION_OF = IR(
    intent=Intent(summary="check a password"),
    signature=SIGNATURE,
    effects=(
        Effect(when="len(password) < 8", return_values=("too short",), description="too short"),
        Effect(return_values=("fine",), description="all others"),
    ),
    assertions=(Assertion(predicate="result in ('too short', 'fine')"),),
    constraints=(MustReturn(description="on every path"),),
)
SOURCE = """def check_password(password: str) -> str:
    if len(password) < 8:
        return 'too short'
    return 'fine'
"""
CODE_OF = Code(name="check_password", source=SOURCE)
ASKED = {
    "specify": Asked(stage="specify", request=REQUEST, signature=SIGNATURE),
    "implement": Asked(stage="implement", request=REQUEST, ir=SPECIFICATION_OF),
}


def request_of(asked: Asked, *more: tuple[str, str], **sampling: Any) -> Request:
    said = [("system", "lift-sys dialect: slots"), ("user", asked.message()), *more]
    messages = tuple(Message.model_validate({"role": r, "content": text}) for r, text in said)
    return Request(messages=messages, sampling=Sampling.model_validate(sampling))
