import json

import pytest

from lift_sys.testing.conformance import DataSourceConformance


@pytest.fixture(scope="module", autouse=True)
def tasks(tmp_path_factory):
    path = tmp_path_factory.mktemp("jsonl") / "tasks.jsonl"
    tests = {"tests": [{"args": [2], "expected": 4}]}
    lines = [
        {"id": "double", "request": "double a number", "hidden": tests},
        {"id": "triple", "request": "triple a number"},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    TestJsonl.options = {"path": path}


class TestJsonl(DataSourceConformance):
    component = "jsonl"
