"""What mkdocs does beyond reading Markdown: pages that stand elsewhere in the repository, links
that work there and on the site alike, and the parts of pages that are made from code."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import code_tables
import command_tables
import config_tables
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_MARK = re.compile(r"^<!-- generated: (\w+)(?: (.*?))? -->$", re.MULTILINE)
_LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!\w+:|#|/)([^)\s#]+)(#[^)\s]*)?\)")
_FETCHED_WORKER = "https://unpkg.com/iframe-worker/shim"
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)

_GENERATORS: dict[str, Callable[[str], str]] = {
    "commands": lambda _: command_tables.commands(),
    "components": lambda _: config_tables.components(),
    "config": lambda _: config_tables.config(),
    "interface": code_tables.interface,
    "values": code_tables.values,
}


def elsewhere() -> dict[Path, str]:
    """Pages of the site that stand outside of docs/, and where they go."""
    readmes = sorted(ROOT.glob("plugins/*/*/README.md"))
    results = sorted(ROOT.glob("benchmarks/results/*.md"))
    return {
        ROOT / "CONTRIBUTING.md": "contributing.md",
        ROOT / "changelog" / "README.md": "changelog.md",
        **{path: f"plugins/{path.parts[-3]}/{path.parts[-2]}.md" for path in readmes},
        **{path: f"figures/{path.name}" for path in results},
    }


def on_config(config: Any) -> Any:
    """Pages outside of docs/ have places in the navigation too, and those that nobody gave one."""
    config.watch += [str(path) for path in elsewhere()]
    kinds: dict[str, list[str]] = {}
    figures: list[str] = []
    for page in elsewhere().values():
        first, *rest = page.split("/")
        if first == "plugins":
            kinds.setdefault(rest[0].replace("_", " ").capitalize(), []).append(page)
        elif first == "figures":
            figures.append(page)
    if unlisted := sorted(_pages() - set(_listed(config.nav))):
        config.nav.append({"More": unlisted})
    config.nav += [
        {"Plugins of this repository": [{kind: pages} for kind, pages in kinds.items()]},
        {"Project": ["contributing.md", "changelog.md", {"Figures": figures}]},
    ]
    return config


def _pages() -> set[str]:
    return {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}


def _listed(nav: Any) -> Iterator[str]:
    """The pages in a part of the navigation, which is a page, a list or a title with either."""
    if isinstance(nav, str):
        yield nav
    for each in nav.values() if isinstance(nav, dict) else nav if isinstance(nav, list) else ():
        yield from _listed(each)


def on_files(files: Files, config: Any) -> Files:
    for path, place in elsewhere().items():
        text = path.read_text(encoding="utf-8")
        files.append(File.generated(config, place, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    sources = {place: path for path, place in elsewhere().items()}
    source = sources.get(page.file.src_uri, DOCS / page.file.src_uri)
    made = _MARK.sub(lambda mark: _generated(mark, source), markdown)
    return _outside_code(made, lambda text: _LINK.sub(lambda link: _link(link, page, source), text))


def on_post_page(output: str, page: Any, config: Any) -> str:
    """The theme's own search from files would come from a network."""
    base = "../" * page.file.dest_uri.count("/")
    return output.replace(_FETCHED_WORKER, f"{base}assets/file-worker.js")


def _generated(mark: re.Match[str], source: Path) -> str:
    name, argument = mark.group(1), mark.group(2) or ""
    if name not in _GENERATORS:
        raise PluginError(f"{source}: nothing generates {name!r}")
    return _GENERATORS[name](argument)


def _outside_code(markdown: str, change: Callable[[str], str]) -> str:
    done, end = [], 0
    for block in _FENCED.finditer(markdown):
        done += [change(markdown[end : block.start()]), block.group()]
        end = block.end()
    return "".join([*done, change(markdown[end:])])


def _link(link: re.Match[str], page: Any, source: Path) -> str:
    """A link that is right in the repository, as it is right on the site; where it leads to a file
    that is no page, its text alone."""
    text, path, anchor = link.group(1), link.group(2), link.group(3) or ""
    target = (source.parent / path).resolve()
    if not target.exists():
        raise PluginError(f"{source}: {path} is not there")
    place = elsewhere().get(target)
    if place is None and DOCS in target.parents:
        place = target.relative_to(DOCS).as_posix()
    if place is None:
        return text
    here = Path(page.file.src_uri).parent
    return f"[{text}]({Path(*['..'] * len(here.parts), place).as_posix()}{anchor})"
