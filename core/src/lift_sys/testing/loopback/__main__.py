"""The loopback server in a process of its own; runs until it is ended by a signal."""

import asyncio
import signal
from pathlib import Path

import click

from . import Answer, LoopbackServer


@click.command()
@click.option("--port", default=0, help="0: any free one.")
@click.option("--latency", default=0.0, help="Seconds before each answer.")
@click.option(
    "--text",
    "texts",
    multiple=True,
    help="Of a completion; given several times: of each in turn.",
)
@click.option(
    "--text-file",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The same, from a file.",
)
@click.option("--honour-n/--ignore-n", default=True, help="As many completions as asked, or one.")
def main(
    port: int, latency: float, texts: tuple[str, ...], files: tuple[Path, ...], honour_n: bool
) -> None:
    """Serve scripted chat completions on 127.0.0.1; `/stats` says what was asked and billed."""
    said = [*texts, *(file.read_text("utf-8") for file in files)] or ["ok"]
    asyncio.run(_serve(Answer(text=said, latency=latency, honours_n=honour_n), port))


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
