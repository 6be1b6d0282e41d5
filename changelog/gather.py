"""Gathers the fragments of this folder into CHANGELOG.md, as one release.

python3 dev.py changelog 0.2.0
"""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

KINDS = ("added", "changed", "deprecated", "removed", "fixed")
HEAD = "# Changelog\n"

_HERE = Path(__file__).resolve().parent
_VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
_NAME = re.compile(rf"[a-z0-9]+(?:-[a-z0-9]+)*\.({'|'.join(KINDS)})\.md")


class Mistake(Exception):
    """What must be mended before there is a release."""


def fragments(folder: Path) -> dict[str, list[Path]]:
    """By kind, each in the order of its topics. Raises Mistake."""
    found: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    for path in sorted(folder.glob("*.md")):
        if path.name == "README.md":
            continue
        named = _NAME.fullmatch(path.name)
        if named is None:
            raise Mistake(f"{path.name} is not named <topic>.<{'|'.join(KINDS)}>.md")
        text = path.read_text(encoding="utf-8").strip()
        if not text:
            raise Mistake(f"{path.name} is empty")
        if text.startswith(("#", "-", "*")):
            raise Mistake(f"{path.name} is no sentence: leave out heading and bullet")
        found[named.group(1)].append(path)
    return found


def release(folder: Path, changelog: Path, version: str, day: str) -> str:
    """Writes the section of this version above all others, and removes its fragments."""
    if not _VERSION.fullmatch(version):
        raise Mistake(f"{version!r} is no version such as 0.2.0")
    before = changelog.read_text(encoding="utf-8") if changelog.exists() else HEAD
    if f"\n## {version} (" in before:
        raise Mistake(f"{changelog.name} has a section {version} already")
    found = fragments(folder)
    if not any(found.values()):
        raise Mistake("there is no fragment to gather")
    parts = [f"## {version} ({day})\n"]
    for kind, paths in found.items():
        if paths:
            lines = [f"- {' '.join(path.read_text(encoding='utf-8').split())}\n" for path in paths]
            parts.append(f"### {kind.capitalize()}\n\n{''.join(lines)}")
    section = "\n".join(parts)
    rest = before.removeprefix(HEAD).lstrip("\n")
    changelog.write_text(f"{HEAD}\n{section}" + (f"\n{rest}" if rest else ""), encoding="utf-8")
    for paths in found.values():
        for path in paths:
            path.unlink()
    return section


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print(__doc__)
        return 2
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    try:
        print(release(_HERE, _HERE.parent / "CHANGELOG.md", arguments[0], today))
    except Mistake as mistake:
        print(f"error: {mistake}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
