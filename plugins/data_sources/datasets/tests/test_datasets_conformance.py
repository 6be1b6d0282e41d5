import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from benchmark_files import HUMANEVAL, MBPP, lines

from lift_sys.testing.conformance import DataSourceConformance

ROWS = ({"request": "double", "tests": ["f(2) == 4"]}, {"request": "triple", "tests": []})


@pytest.fixture(scope="module", autouse=True)
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("datasets")
    suites = ((TestHumanEval, HUMANEVAL), (TestMbpp, MBPP), (TestDatasets, ROWS))
    for suite, rows in suites:
        path = folder / f"{suite.component}.jsonl"
        path.write_bytes(lines(rows))
        suite.options = {"path": path}
    TestDatasets.options |= {"columns": {"tests": "tests"}}


class TestHumanEval(DataSourceConformance):
    component = "humaneval"


class TestMbpp(DataSourceConformance):
    component = "mbpp"


class TestDatasets(DataSourceConformance):
    component = "datasets"
