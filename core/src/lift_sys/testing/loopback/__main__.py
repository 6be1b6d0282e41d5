"""The loopback server in a process of its own; runs until it is ended by a signal."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import click

from ..samples import SPECIFIES
from . import Answer, Incoming, LoopbackServer

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--port", default=0, help="0: any free one.")
@click.option("--latency", default=0.0, help="Seconds before each answer.")
@click.option(
    "--text",
    "texts",
    multiple=True,
    help="Of a completion; given several times: of each in turn, from one request to the next.",
)
@click.option(
    "--text-file",
    "files",
    multiple=True,
    type=_FILE,
    help="The same, from a file.",
)
@click.option(
    "--specification-file",
    "specifications",
    multiple=True,
    type=_FILE,
    help="The same, where lift-sys asks for a specification.",
)
@click.option(
    "--code-file",
    "codes",
    multiple=True,
    type=_FILE,
    help="The same, where lift-sys asks for code.",
)
@click.option("--honour-n/--ignore-n", default=True, help="As many completions as asked, or one.")
def main(
    port: int,
    latency: float,
    texts: tuple[str, ...],
    files: tuple[Path, ...],
    specifications: tuple[Path, ...],
    codes: tuple[Path, ...],
    honour_n: bool,
) -> None:
    """Serve scripted replies on 127.0.0.1; `/stats` says what was asked and billed."""
    plain = in_turn([*texts, *_read(files)])
    by_stage = {True: in_turn(_read(specifications)), False: in_turn(_read(codes))}

    def text(incoming: Incoming, index: int) -> str:
        return (by_stage[_asks_for_a_specification(incoming)] or plain or _ok)()

    asyncio.run(_serve(Answer(text=text, latency=latency, honours_n=honour_n), port))


def in_turn(texts: Sequence[str]) -> Callable[[], str] | None:
    """Each of the texts, then the first again; None: there is none."""
    places = count()
    return (lambda: texts[next(places) % len(texts)]) if texts else None


def _ok() -> str:
    return "ok"


def _read(files: Sequence[Path]) -> list[str]:
    return [file.read_text("utf-8") for file in files]


def _asks_for_a_specification(incoming: Incoming) -> bool:
    first, *_ = incoming.document.get("messages") or ("",)
    return SPECIFIES in str(incoming.document.get("system", first))


async def _serve(answer: Answer, port: int) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with LoopbackServer(answer, port=port) as server:
        click.echo(server.url)
        await stopped.wait()


if __name__ == "__main__":
    main()
