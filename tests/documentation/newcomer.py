"""Follows a page of docs/ as a newcomer does: in a fresh clone, each line as it is written, in one
shell, with the network that installing things needs.

    python3 tests/documentation/newcomer.py tutorial
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from page_blocks import blocks, commands, shows

ROOT = Path(__file__).resolve().parents[2]


def main(page: str) -> int:
    with tempfile.TemporaryDirectory() as made:
        clone, outputs = Path(made, "lift-sys"), Path(made, "outputs")
        outputs.mkdir()
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        expected: list[tuple[str, str]] = []
        script = "\n".join(lines(clone / "docs" / f"{page}.md", outputs, expected))
        started = time.monotonic()
        ended = subprocess.run(["bash", "-eu", "-c", script], cwd=clone, check=False)
        return tell(expected, outputs, ended.returncode, time.monotonic() - started)


def lines(page: Path, outputs: Path, expected: list[tuple[str, str]]) -> Iterator[str]:
    """The page as a shell script; what its commands must show goes to `expected`."""
    for place, block in enumerate(blocks(page)):
        if block.language == "console":
            for line, shown in commands(block.text):
                # Braces, as a subshell would forget `cd` and what is activated.
                yield f"{{ {line}\n}} >{outputs}/{len(expected)} 2>&1 </dev/null"
                expected.append((line, shown))
        elif block.title:
            yield f'mkdir -p "$(dirname "{block.title}")"'
            yield f"cat >\"{block.title}\" <<'END OF {place}'\n{block.text}END OF {place}"


def tell(expected: list[tuple[str, str]], outputs: Path, status: int, seconds: float) -> int:
    for place, (line, wanted) in enumerate(expected):
        file = outputs / str(place)
        shown = file.read_text("utf-8", "replace") if file.exists() else "(never run)"
        right = file.exists() and shows(wanted, shown)
        print(f"{'ok   ' if right else 'WRONG'} $ {line}")
        if not right:
            print(shown)
            return 1
    print(f"followed in {seconds:.0f} s")
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
