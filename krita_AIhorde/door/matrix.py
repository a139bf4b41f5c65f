"""Collects which tests have passed in which Krita, and writes the README's table of them.

``python3 -m krita_AIhorde.door.matrix [REPORT:NAME …]`` in the checkout. It reads what the last runs of
``test`` and ``test --krita NAME`` have left, and pytest's reports of runs of single files, if any are named;
the newest result of each file of tests counts. What is known is kept in ``tests/krita/matrix.json``.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from . import krita, othertests, roots, system, testing
from .system import CHECKOUT, DoorError, say

README = CHECKOUT / "README.md"
KEPT = CHECKOUT / "tests" / "krita" / "matrix.json"
TESTS = CHECKOUT / "tests" / "krita"
START = "<!-- matrix: `python3 -m krita_AIhorde.door.matrix` writes what follows -->"
END = "<!-- end of matrix -->"
HERE = "here"
Results = dict[str, Any]


def table(kept: Results, files: Sequence[Path]) -> str:
    """A row for each file of tests, a column for each Krita."""
    columns = sorted(kept["kritas"])
    heads = [f"Krita {version}" for version in columns]
    lines = [
        f"| what is proved in the real Krita | {' | '.join(heads)} |",
        f"| --- |{' :---: |' * len(columns)}",
    ]
    for file in files:
        cells = [_cell(kept["results"].get(file.stem, {}).get(version)) for version in columns]
        lines.append(f"| {about(file)} (`{file.stem}`) | {' | '.join(cells)} |")
    lines.append("")
    for version in columns:
        entry = kept["kritas"][version]
        lines.append(f"- Krita {version}: {entry['system']}; `{entry['command']}`.")
    return "\n".join(lines)


def about(file: Path) -> str:
    """The first sentence of what a file of tests says of itself."""
    text = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or file.stem
    return " ".join(text.split("\n\n")[0].split()).rstrip(".")


def _cell(result: Results | None) -> str:
    if result is None:
        return "not run"
    return f"✗ {result['failed']} of {result['failed'] + result['passed']}" if result["failed"] else "✓"


def files() -> list[Path]:
    return sorted(TESTS.glob("test_*.py"))


def with_table(text: str, kept: Results) -> str:
    """``text`` with the table between its two marks. Raises DoorError if it lacks one of them."""
    before, start, rest = text.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise DoorError(f"{README.name} has no place for the matrix: {START} … {END}")
    return f"{before}{start}\n{table(kept, files())}\n\n{end}{after}"


def read_report(report: Path) -> Iterator[tuple[str, Results]]:
    """``("test_smoke", {"passed": 3, "failed": 0, "at": …})`` for each file that pytest's report knows."""
    found: dict[str, Results] = {}
    for suite in ET.parse(report).getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            # In a class, or where the whole file failed, names stand before and behind.
            stem = next(iter(re.findall(r"test_\w+", case.get("classname") or case.get("name") or "")), "")
            bad = case.find("failure") is not None or case.find("error") is not None
            if case.find("skipped") is not None:
                continue
            result = found.setdefault(stem, {"passed": 0, "failed": 0, "at": suite.get("timestamp", "")[:19]})
            result["failed" if bad else "passed"] += 1
    yield from found.items()


def merge(kept: Results, version: str, entry: Results, report: Path) -> None:
    """Take over what is newer than what is known of that Krita."""
    kept["kritas"][version] = entry
    for stem, result in read_report(report):
        known = kept["results"].setdefault(stem, {})
        if result["at"] >= known.get(version, {}).get("at", ""):
            known[version] = result


def describe(name: str) -> tuple[str, Results]:
    """The version of the Krita of that name, and what it runs on. Raises DoorError if it is not there."""
    here = name == HERE
    root = othertests.Here(krita.executable()) if here else roots.Root(roots.FOLDER / name)
    found = othertests.look(root)
    # Not from Krita itself, which needs a display to tell it. Debian's own: 1:5.2.9+dfsg-1+deb13u1.
    version = re.findall(r"\d+\.\d+\.\d+", found.krita)[0]
    system_name = (
        root.output("sh", "-c", '. /etc/os-release && echo "$PRETTY_NAME"') if here else f"Debian {name}"
    )
    return version, {
        "system": f"{system_name}, Python {found.python}, {found.binding} {found.pyqt}",
        "command": "python3 krita_AIhorde.py test" + ("" if here else f" --krita {name}"),
    }


def reports(named: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """All reports there are, each with the name of its Krita."""
    yield testing.REPORT, HERE
    for name in roots.RECIPES:
        yield roots.FOLDER / name / othertests.REPORT, name
    for pair in named:
        report, _, name = pair.rpartition(":")
        yield Path(report), name


def main(arguments: Sequence[str]) -> int:
    """Take over what is new, and rewrite the README; its exit code."""
    kept: Results = json.loads(KEPT.read_text("utf-8")) if KEPT.is_file() else {"kritas": {}, "results": {}}
    for report, name in reports(arguments):
        if report.is_file():
            version, entry = describe(name)
            merge(kept, version, entry, report)
    there = {file.stem for file in files()}
    kept["results"] = {stem: results for stem, results in sorted(kept["results"].items()) if stem in there}
    KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
    README.write_text(with_table(README.read_text("utf-8"), kept), "utf-8")
    say(f"{README.name}: {len(there)} files of tests, {len(kept['kritas'])} Kritas")
    return 0


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except DoorError as error:
        system.say(str(error))
        raise SystemExit(1) from None
