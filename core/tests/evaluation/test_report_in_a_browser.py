"""The pages in a real browser, where one is installed: narrow and wide, light and dark."""

import re
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from test_report_files import HOSTILE, evaluation, hostile

from lift_sys.evaluation.contest_html import contest_html
from lift_sys.evaluation.contests import contest
from lift_sys.evaluation.html_report import html_report
from lift_sys.evaluation.reports import report_of

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")
LIGHT, DARK = "1", "0"


def chromium(folder, page, *arguments, width=1400, scheme=LIGHT):
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    done = subprocess.run(
        [
            CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--disable-background-networking", f"--user-data-dir={folder / 'profile'}",
            "--enable-logging=stderr", f"--window-size={width},1200",
            f"--blink-settings=preferredColorScheme={scheme}", *arguments, path.as_uri(),
        ],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not re.search("Refused to|violates|CONSOLE", done.stderr), done.stderr
    return done.stdout


def first_pixel(path):
    """Red, green and blue of a PNG's upper left corner."""
    data = path.read_bytes()
    place, packed = 8, b""
    while place < len(data):
        (length,), kind = struct.unpack(">I", data[place : place + 4]), data[place + 4 : place + 8]
        if kind == b"IDAT":
            packed += data[place + 8 : place + 8 + length]
        place += length + 12
    # In the first row no filter has anything to add to the first pixel.
    return tuple(zlib.decompressobj().decompress(packed, 4)[1:4])


def compared(*runs):
    pytest.importorskip("statsmodels")
    return contest_html(contest([("", [run]) for run in runs]))


def report():
    return html_report(report_of(evaluation()))


def comparison():
    long = "a name without any place to break it " * 3
    return compared(evaluation(label="one"), evaluation(run="r2", label=long.replace(" ", "_")))


def hostile_report():
    return html_report(report_of(hostile()))


def hostile_comparison():
    named = {"run": "r2", "config": {HOSTILE: HOSTILE}}
    return compared(hostile(), hostile().model_copy(update=named))


@pytest.mark.parametrize("made", [hostile_report, hostile_comparison])
def test_it_opens_as_it_was_written_and_nothing_in_it_runs(tmp_path, made):
    dom = chromium(tmp_path, made(), "--dump-dom")
    assert dom.count("<body") == dom.count("</html>") == 1
    assert "<script" not in dom
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in dom
    assert re.search("What made it|Made differently", dom), "to its end"


@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("made", [report, comparison, hostile_report, hostile_comparison])
def test_nothing_is_wider_than_the_window(tmp_path, made, width):
    """In a frame, as a window cannot be that narrow. Tables and charts that are too wide scroll."""
    told = "parent.postMessage(innerWidth + ' ' + document.documentElement.scrollWidth, '*')"
    opened = made().replace("<details", "<details open").replace("default-src 'none'; ", "")
    framed = opened.replace("</body>", f"<script>{told}</script></body>")
    (tmp_path / "framed.html").write_text(framed, encoding="utf-8")
    frame = (
        "<script>onmessage = said => document.body.className = said.data</script>"
        f'<body><iframe src="framed.html" style="border: 0" width="{width}"></iframe></body>'
    )
    dom = chromium(tmp_path, frame, "--dump-dom", width=1600)
    assert f'<body class="{width} {width}">' in dom


@pytest.mark.parametrize("made", [report, comparison])
@pytest.mark.parametrize(("scheme", "ground"), [(LIGHT, (255, 255, 255)), (DARK, (20, 24, 30))])
def test_it_takes_the_colours_that_a_person_prefers(tmp_path, made, scheme, ground):
    shot = tmp_path / "shot.png"
    page = made()
    chromium(tmp_path, page, f"--screenshot={shot}", scheme=scheme)
    assert first_pixel(shot) == ground
