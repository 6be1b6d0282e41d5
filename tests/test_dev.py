"""What dev.py says to a wrong command, without doing anything."""

import subprocess
import sys
from pathlib import Path

import pytest

DEV = Path(__file__).resolve().parents[1] / "dev.py"


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--help"], 0, "python3 dev.py quickstart"),
        (["quickstart", "--help"], 0, "python3 dev.py quickstart"),
        ([], 2, "python3 dev.py quickstart"),
        (["quikstart"], 2, "python3 dev.py quickstart"),
        (["quickstart", "extra"], 2, "quickstart takes no arguments, and was given extra"),
        (["setup", "a", "b"], 2, "setup takes no arguments, and was given a b"),
    ],
)
def test_a_wrong_command_is_told(arguments: list[str], status: int, told: str):
    done = subprocess.run(
        [sys.executable, DEV, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == status
    assert told in (done.stdout if status == 0 else done.stderr)
