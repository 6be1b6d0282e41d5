"""One small task with right and wrong answers, and a scripted model that gives them."""

from collections.abc import Callable
from typing import Any

from ..interfaces import Code, Example, Request, Task
from ..ir import IR, Assertion, Intent, Parameter, Signature
from .providers import ScriptedProvider

TASK = Task(
    id="double",
    request="Create a function that doubles a number",
    examples=(Example(args=(2,), expected=4), Example(args=(5,), expected=10)),
)
SPECIFICATION = IR(
    intent=Intent(summary="Double a number"),
    signature=Signature(
        name="double", parameters=(Parameter(name="x", type="int"),), returns="int"
    ),
    assertions=(Assertion(predicate="result == 2 * x"),),
)
UNTOLD = TASK.model_copy(update={"examples": ()})
"""Without examples, and with nothing demanded: the checks tell no draws apart."""
LOOSE = SPECIFICATION.model_copy(
    update={"assertions": (Assertion(predicate="isinstance(result, int)"),)}
)
RIGHT = Code(name="double", source="def double(x: int) -> int:\n    return 2 * x\n")
WRONG = Code(name="double", source="def double(x: int) -> int:\n    return x + 3\n")

IR_TEXT = SPECIFICATION.model_dump_json(exclude_defaults=True)
RIGHT_TEXT = f"```python\n{RIGHT.source}```"
WRONG_TEXT = f"```python\n{WRONG.source}```"


def code_text(body: str) -> str:
    """An answer of the stage `implement`."""
    return f"```python\ndef double(x: int) -> int:\n    {body}\n```"


SPECIFIES = "into its specification"
"""What the system message of stage `specify` says."""


def asks_for_ir(request: Request) -> bool:
    return SPECIFIES in request.messages[0].content.partition("\n")[0]


def scripted_model(
    code: Callable[[int, Request], str] = lambda place, request: RIGHT_TEXT,
    ir: Callable[[int, Request], str] = lambda place, request: IR_TEXT,
    **settings: Any,
) -> ScriptedProvider:
    """Answers each stage with what its function gives for the i-th draw asked for."""
    counts = {True: 0, False: 0}

    def answer(request: Request) -> list[str]:
        specify = asks_for_ir(request)
        reasoned = "SPECIFICATION" in request.messages[0].content
        texts: list[str] = []
        for _ in range(request.sampling.n):
            text = (ir if specify else code)(counts[specify], request)
            counts[specify] += 1
            texts.append(f"REASONING\nthought\nSPECIFICATION\n{text}" if reasoned else text)
        return texts

    return ScriptedProvider(answer, **settings)
