"""The server that all are measured against: `python server.py`, in a process of its own.

The model's name chooses what it does; of each prompt the draws are counted, so that all get the
same answers in the same order, however they ask.
"""

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Callable

from lift_sys.testing.loopback import Answer, Incoming, LoopbackServer
from lift_sys.testing.samples import SPECIFICATION

LATENCY = 0.05
DSPY = "[[ ## "
"""In the prompts of DSPy, whose answers stand behind such a heading."""
_WANTED = re.compile(r"a function that adds ([0-9]+)")


def specification(predicate: str, summary: str = "Double a number") -> str:
    document = json.loads(SPECIFICATION.model_dump_json(exclude_defaults=True))
    document["intent"]["summary"] = summary
    document["assertions"] = [{"predicate": predicate}]
    return json.dumps(document)


def reordered(text: str, number: int) -> str:
    document = json.loads(text)
    keys = list(document)
    random.Random(number).shuffle(keys)
    return json.dumps({key: document[key] for key in keys}, indent=number % 3 or None)


def steady(number: int, prompt: str) -> str:
    """One meaning for each task, no two draws alike: what one task costs helps no other."""
    wanted = _WANTED.findall(prompt)[-1]
    return specification(f"result == x + {wanted}", f"Add {wanted}, said in way {number}")


def failing(number: int, prompt: str) -> str:
    return specification("result == 2 * x", f"Double a number, said in way {number}")


def orders(number: int, prompt: str) -> str:
    """Five of eight say one thing in five orders of keys, three say another letter by letter."""
    wrong, right = specification("result == x + 3"), specification("result == 2 * x")
    return wrong if number % 8 in (1, 4, 6) else reordered(right, number)


def alike(number: int, prompt: str) -> str:
    """Nearly the same letters, three of `max` and five of `min`."""
    name = "max" if number % 8 in (0, 3, 5) else "min"
    return specification(f"result == {name}(x, 0)")


TEXTS: dict[str, Callable[[int, str], str]] = {
    "steady": steady,
    "orders": orders,
    "alike": alike,
    "failing": failing,
}


def main() -> None:
    drawn: Counter[str] = Counter()

    def answer(incoming: Incoming) -> Answer:
        document = incoming.document
        kind, prompt = document["model"], json.dumps(document["messages"])
        first = drawn[prompt]
        drawn[prompt] += int(document.get("n") or 1)
        if kind == "failing" and first % 8 == 3:
            return Answer(status=400, message="one of eight", latency=LATENCY)

        def text(_: Incoming, index: int) -> str:
            said = TEXTS[kind](first + index, prompt)
            if DSPY not in prompt:
                return said
            return f"[[ ## specification ## ]]\n{said}\n\n[[ ## completed ## ]]"

        return Answer(text=text, latency=LATENCY)

    asyncio.run(serve(answer))


async def serve(answer: Callable[[Incoming], Answer]) -> None:
    async with LoopbackServer(answer) as server:
        print(server.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    main()
