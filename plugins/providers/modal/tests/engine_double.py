"""A server with the paths of vLLM's that a container uses, run as the engine of a deployment.

Each text tells what was asked, so that a test sees what came through. `--trouble` makes it fail.
"""

import asyncio
import json
import sys

import click

from lift_sys.testing.loopback import Answer, Incoming, LoopbackServer, Spoken
from lift_sys.testing.samples import IR_TEXT, RIGHT_TEXT, SPECIFIES

PASSED_ON = ("structured_outputs", "seed", "temperature", "stop", "chat_template_kwargs", "model")


class Engine:
    def __init__(self, served: tuple[str, ...], trouble: str) -> None:
        self._served, self._trouble = served, trouble
        self._asleep = False
        self._warm = set[str]()

    def answer(self, incoming: Incoming) -> Answer:
        if incoming.path != "/v1/chat/completions":
            return Answer()
        asked = incoming.document
        if self._asleep:
            return Answer(status=503, message="asleep")
        if asked["model"] not in self._served:
            return Answer(status=404, message="The model does not exist.")
        if asked["max_tokens"] == 16 and "Are you ready?" in str(asked["messages"]):
            self._warm.add(asked["model"])
        if "DIE" in str(asked["messages"]):
            print("CUDA error: an illegal memory access", flush=True)
            sys.exit(3)
        if "GRAMMAR" in str(asked["messages"]):
            return Answer(status=400, message="Grammar error: unknown symbol")
        latency = 30.0 if "SLOWLY" in str(asked["messages"]) else 0.0
        return Answer(text=self._text, cached_tokens=1, latency=latency)

    def health(self, incoming: Incoming, answer: Answer) -> Spoken:
        return Spoken({}, status=503 if self._trouble == "never-ready" else 200)

    def sleep(self, incoming: Incoming, answer: Answer) -> Spoken:
        self._asleep = True
        return Spoken({}, status=500 if self._trouble == "sleepless" else 200)

    def wake_up(self, incoming: Incoming, answer: Answer) -> Spoken:
        self._asleep = False
        return Spoken({})

    def _text(self, incoming: Incoming, index: int) -> str:
        asked = incoming.document
        if asked["messages"][-1]["content"].startswith("seen?"):
            seen = {name: asked[name] for name in PASSED_ON if name in asked}
            return json.dumps({"seen": seen, "index": index, "warm": sorted(self._warm)})
        return IR_TEXT if SPECIFIES in str(asked["messages"][0]) else RIGHT_TEXT


@click.command()
@click.option("--port", default=0)
@click.option("--serve", "served", multiple=True)
@click.option("--trouble", default="")
def main(port: int, served: tuple[str, ...], trouble: str) -> None:
    if trouble == "out-of-memory":
        print("loading", "torch.OutOfMemoryError: CUDA out of memory", sep="\n", flush=True)
        sys.exit(1)
    engine = Engine(served, trouble)
    dialects = {"/health": engine.health, "/sleep": engine.sleep, "/wake_up": engine.wake_up}

    async def serve() -> None:
        async with LoopbackServer(engine.answer, port=port, dialects=dialects):
            await asyncio.Event().wait()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
