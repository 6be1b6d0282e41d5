"""Writes the replies of this example anew: run it after a change of the prompts, in the
environment of `python3 dev.py setup`, as it needs the provider `openai`.

The replies are written by hand, here, and stand in for a model. The first code forgets a sentence
of the request, as models do, so that the run shows a failure being found and fed back.
"""

import asyncio
import sys
from pathlib import Path

from lift_sys_replay.plugin import QUICKSTART

from lift_sys import Pipeline
from lift_sys.testing.loopback import Answer, Incoming, LoopbackServer

HERE = Path(__file__).parent

SPECIFICATION = """\
{
  "intent": {"summary": "Name the ticket class of a visitor from the age"},
  "signature": {
    "name": "ticket_class",
    "parameters": [{"name": "age", "type": "int", "description": "age in years"}],
    "returns": "str"
  },
  "effects": [
    {"description": "refuse a negative age", "when": "age < 0", "raises": "ValueError"},
    {"description": "return 'child'", "when": "0 <= age < 12", "return_values": ["child"]},
    {"description": "return 'adult'", "when": "12 <= age < 65", "return_values": ["adult"]},
    {"description": "return 'senior'", "when": "age >= 65", "return_values": ["senior"]}
  ],
  "assertions": [
    {"predicate": "result in ('child', 'adult', 'senior')"},
    {"predicate": "(result == 'child') == (age < 12)"},
    {"predicate": "ticket_class(-1) raises ValueError"},
    {"predicate": "ticket_class(11) == 'child'"},
    {"predicate": "ticket_class(12) == 'adult'"},
    {"predicate": "ticket_class(64) == 'adult'"},
    {"predicate": "ticket_class(65) == 'senior'"}
  ]
}
"""
CODE = """\
```python
def ticket_class(age: int) -> str:
    if age < 12:
        return "child"
    if age >= 65:
        return "senior"
    return "adult"
```
"""
MENDED = CODE.replace(
    "    if age < 12",
    """    if age < 0:
        raise ValueError("an age cannot be negative")
    if age < 12""",
)


def answer(incoming: Incoming) -> Answer:
    messages = incoming.document["messages"]
    if "into its specification" in messages[0]["content"]:
        return Answer(text=SPECIFICATION)
    first_try = "The function you gave" not in messages[-1]["content"]
    return Answer(text=CODE if first_try else MENDED)


async def main() -> None:
    fresh = QUICKSTART.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    try:
        async with LoopbackServer(answer) as server:
            status = await record(server.url, fresh)
        fresh.replace(QUICKSTART)
    finally:
        fresh.unlink(missing_ok=True)
    print(f"{status}; written to {QUICKSTART}")


async def record(url: str, path: Path) -> str:
    """How it ended: a run whose every call is answered and kept."""
    pipeline = Pipeline.load(
        HERE / "pipeline.yaml",
        overrides=[
            f"providers.model.path={path}",
            "providers.model.record.provider=written",
            "providers.written={use: openai, model: written-by-hand, api_key: none}",
            f"providers.written.base_url={url}",
            "record=null",
        ],
    )
    request = (HERE / "request.txt").read_text(encoding="utf-8")
    async with pipeline.open() as session:
        result = await session.solve(request)
    if result.status != "pass":
        sys.exit(f"nothing was changed, as this run gives no right code: {result.why}")
    return f"{result.status}: {result.why}"


if __name__ == "__main__":
    asyncio.run(main())
