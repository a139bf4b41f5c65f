"""The README's table of what was proved in which Krita."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from krita_AIhorde.door import matrix
from krita_AIhorde.door.system import DoorError

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" timestamp="2026-11-24T12:43:22.117997+00:00">
 <testcase classname="tests.krita.test_smoke" name="test_it_starts"/>
 <testcase classname="tests.krita.test_smoke" name="test_it_ends"><failure message="no"/></testcase>
 <testcase classname="tests.krita.test_clicks" name="test_a_click"/>
 <testcase classname="tests.krita.test_clicks" name="test_left_out"><skipped message="why"/></testcase>
 <testcase classname="" name="tests.krita.test_soak"><error message="it cannot be imported"/></testcase>
</testsuite></testsuites>
"""
ENTRY = {"system": "Debian x, Python 3.13, PyQt5", "command": "python3 krita_AIhorde.py test --krita x"}


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "report.xml"
    file.write_text(REPORT, "utf-8")
    return file


def test_the_readme_shows_what_is_known_of_every_file_of_tests() -> None:
    kept = json.loads(matrix.KEPT.read_text("utf-8"))
    text = matrix.README.read_text("utf-8")
    assert matrix.with_table(text, kept) == text, "run: python3 -m krita_AIhorde.door.matrix"


def test_a_report_is_told_by_file(report: Path) -> None:
    at = "2026-11-24T12:43:22"
    assert dict(matrix.read_report(report)) == {
        "test_smoke": {"passed": 1, "failed": 1, "at": at},
        "test_clicks": {"passed": 1, "failed": 0, "at": at},
        "test_soak": {"passed": 0, "failed": 1, "at": at},
    }


def test_the_newest_result_counts_whatever_the_order(report: Path) -> None:
    newer = {"passed": 2, "failed": 0, "at": "2026-12-01T00:00:00"}
    kept = {"kritas": {}, "results": {"test_smoke": {"5.2.9": newer}}}
    matrix.merge(kept, "5.2.9", ENTRY, report)
    assert kept["results"]["test_smoke"]["5.2.9"] == newer
    assert kept["results"]["test_clicks"]["5.2.9"]["passed"] == 1
    assert kept["kritas"]["5.2.9"] == ENTRY


def test_the_table_says_what_failed_and_what_was_never_run(report: Path, tmp_path: Path) -> None:
    kept = {"kritas": {}, "results": {}}
    matrix.merge(kept, "5.2.9", ENTRY, report)
    matrix.merge(kept, "6.0.4", ENTRY, tmp_path / "report.xml")
    del kept["results"]["test_clicks"]["6.0.4"]
    written = [matrix.TESTS / f"{stem}.py" for stem in ("test_clicks", "test_smoke")]
    lines = matrix.table(kept, written).splitlines()
    assert lines[0].endswith("| Krita 5.2.9 | Krita 6.0.4 |")
    assert lines[2].endswith("(`test_clicks`) | ✓ | not run |")
    assert lines[3].endswith("(`test_smoke`) | ✗ 1 of 2 | ✗ 1 of 2 |")
    assert ENTRY["command"] in lines[-1]


def test_a_readme_without_its_place_is_an_error() -> None:
    with pytest.raises(DoorError, match="no place"):
        matrix.with_table("# README", {"kritas": {}, "results": {}})
