"""The documentation site: built without a warning, whole, and readable without a network."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import pytest

from lift_sys.cli.main import CORE, _attribute
from lift_sys.interfaces import ComponentRef, ProviderRef
from lift_sys.pipeline.config import PipelineFile

ROOT = Path(__file__).resolve().parents[1]
ELSEWHERE = re.compile(r"^(?:https?:)?//")


class Page(HTMLParser):
    """What a page points to and can be pointed at, and its words."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.anchors: set[str] = set()
        self.words: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.anchors |= {given[key] for key in ("id", "name") if key in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and given.get("rel") != "canonical":
            self.fetched.append(given.get("href", ""))
        elif "src" in given:
            self.fetched.append(given["src"])

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in site.rglob("*.html") if path.name != "404.html"}


def test_every_link_leads_somewhere(pages: dict[Path, Page]):
    assert len(pages) > 30
    for path, page in pages.items():
        for link in page.links:
            where = urlsplit(link)
            if where.scheme or where.netloc:
                continue
            target = (path.parent / unquote(where.path)).resolve() if where.path else path
            assert target.exists(), f"{path.name}: {link} leads nowhere"
            if where.fragment and target in pages:
                anchors = pages[target].anchors
                assert unquote(where.fragment) in anchors, f"{path.name}: {link} leads nowhere"


def test_reading_it_needs_no_network(site: Path, pages: dict[Path, Page]):
    for path, page in pages.items():
        fetched = [address for address in page.fetched if ELSEWHERE.match(address)]
        assert not fetched, f"{path.name} fetches {fetched}"
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", text), sheet


def test_it_tells_nothing_of_the_machine_that_built_it(pages: dict[Path, Page]):
    for path, page in pages.items():
        assert str(ROOT) not in page.text, path.name
        assert str(Path.home()) + os.sep not in page.text, path.name


def test_every_key_of_the_pipeline_file_is_told_with_what_it_means(pages: dict[Path, Page]):
    (page,) = (page for path, page in pages.items() if path.match("reference/config.html"))
    for model, name, description in keys(PipelineFile, set()):
        assert description, f"give {model}.{name} a docstring"
        assert " ".join(description.split()).replace("`", "") in page.text, f"{model}.{name}"


def keys(model: type, seen: set[type]) -> Iterator[tuple[str, str, str]]:
    if model in seen:
        return
    seen.add(model)
    for name, field in model.model_fields.items():
        yield model.__name__, name, field.description or ""
        for inner in models(field.annotation):
            if not issubclass(inner, ComponentRef | ProviderRef):
                yield from keys(inner, seen)


def models(annotation: object) -> Iterator[type]:
    if hasattr(annotation, "model_fields"):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from models(argument)


def test_every_command_and_option_is_told_with_what_it_does(pages: dict[Path, Page]):
    (page,) = (page for path, page in pages.items() if path.match("reference/cli.html"))
    for name, command in commands():
        assert f"lift {name}" in page.text
        assert command.help, f"lift {name} has no docstring"
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert option.help, f"lift {name} {option.opts[0]} has no help"
                assert option.opts[0] in page.text, f"lift {name} {option.opts[0]}"


def commands() -> Iterator[tuple[str, click.Command]]:
    found = [(name, _attribute(each.target)) for name, each in CORE.items()]
    while found:
        name, command = found.pop()
        yield name, command
        if isinstance(command, click.Group):
            context = click.Context(command)
            for each in command.list_commands(context):
                inner = command.get_command(context, each)
                assert inner is not None
                found.append((f"{name} {each}", inner))
