"""`python -m lift_sys_rubric.calibrate GRADED.jsonl > calibration.json`

Each line: {"score": 0.71, "passed": true, "task": "the task's digest"}.
"""

import json
import sys
from pathlib import Path

from .calibration import Calibration, fitted


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write(__doc__ or "")
        return 2
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    graded = [json.loads(line) for line in lines if line.strip()]
    made = Calibration(
        points=fitted((line["score"], line["passed"]) for line in graded),
        learnt_from=frozenset(line["task"] for line in graded),
    )
    sys.stdout.write(made.model_dump_json(indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
