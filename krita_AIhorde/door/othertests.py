"""The tests inside Krita, in another Krita than this machine's, and a record of what came of them."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from . import environment, krita, roots, system
from .roots import Root
from .system import DoorError, say

RECORD = "last-run.json"
REPORT = "last-run.xml"
"""pytest's own."""
PYQT6 = system.CHECKOUT / ".cache" / "pyqt6"
_NO_PYQT5 = "raise ModuleNotFoundError('here is PyQt6 alone, as in Krita 6')\n"
_BINDING = """
try:
    from PyQt5 import QtCore
except ImportError:
    from PyQt6 import QtCore
print(QtCore.__name__.partition(".")[0], QtCore.PYQT_VERSION_STR, QtCore.QT_VERSION_STR)
"""


@dataclass(frozen=True)
class Found:
    """What is in a root, as it says itself."""

    krita: str  # the package's version
    python: str
    binding: str  # "PyQt5" or "PyQt6"
    pyqt: str
    qt: str

    def __str__(self) -> str:
        return f"Krita {self.krita}, Python {self.python}, {self.binding} {self.pyqt}, Qt {self.qt}"


@dataclass(frozen=True)
class Here:
    """This machine's own Krita, asked as a root's is."""

    krita: Path

    @property
    def folder(self) -> Path:
        return self.krita.parent

    def output(self, *command: str) -> str:
        """What ``command`` prints. Raises DoorError when it fails."""
        answer = subprocess.run(command, check=False, capture_output=True, text=True)
        if answer.returncode != 0:
            raise DoorError(f"{' '.join(command)} failed: {answer.stderr.strip()[-500:]}")
        return answer.stdout.strip()


@dataclass(frozen=True)
class Counts:
    """How many tests ended how."""

    passed: int
    failed: int
    skipped: int
    seconds: float

    @property
    def well(self) -> bool:
        return self.failed == 0 and self.passed > 0

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped in {self.seconds:.0f} s"


def test(name: str) -> bool:
    """Run ``tests/krita`` in the Krita of the root ``name``; whether all passed. Raises DoorError.

    Where that has PyQt6, the widgets' unit tests run with PyQt6 as well. The record of the run stays in the
    root's folder.
    """
    roots.check_rights()  # before anything is installed in vain
    system.need(roots.HOST, "to test the plugin in a Krita without a screen")
    python = environment.ready()
    with roots.root(name) as root:
        found = look(root)
        say(f"\n== {name}: {found}")
        runs = {"tests/krita": run(python, "tests/krita", root.folder, surroundings(root, os.environ))}
        if found.binding == "PyQt6":
            say(f"\n== {name}: the widgets with PyQt6")
            there = with_pyqt6(python, os.environ)
            with (
                tempfile.TemporaryDirectory() as folder
            ):  # the report of the tests in Krita is for the matrix
                runs["tests/unit/ui with PyQt6"] = run(python, "tests/unit/ui", Path(folder), there)
        record = {
            "name": name,
            "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
            **asdict(found),
            "tests": {what: asdict(counts) for what, counts in runs.items()},
            "command": f"python3 krita_AIhorde.py test --krita {name}",
        }
        (root.folder / RECORD).write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")
        say(f"\n== {name}: {found}")
        for what, counts in runs.items():
            say(f"{'✓' if counts.well else '✗'} {what}: {counts}")
        say(f"Recorded in {root.folder / RECORD}")
    return all(counts.well for counts in runs.values())


def run(python: Path, tests: str, folder: Path, environ: Mapping[str, str]) -> Counts:
    """Run ``tests`` with pytest, and count. Raises DoorError where there is nothing to count."""
    report = folder / REPORT
    report.unlink(missing_ok=True)
    command = [str(python), "-m", "pytest", "-q", "--timeout=900", f"--junit-xml={report}", tests]
    code = subprocess.run(command, check=False, cwd=system.CHECKOUT, env=environ).returncode
    if not report.is_file():
        raise DoorError(f"pytest ended with {code} before there was a report")
    return count(report.read_text("utf-8"))


def with_pyqt6(python: Path, environ: Mapping[str, str], folder: Path = PYQT6) -> dict[str, str]:
    """The environment in which ``krita_AIhorde.qt`` finds PyQt6, and no PyQt5, as in Krita 6."""
    system.need(system.KRITA, "whose libraries Qt needs")
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".pyqt6-", dir=folder.parent) as scratch:
            fresh = Path(scratch) / "whole"
            environment.pip(python, ["install", "--quiet", "--target", str(fresh), "PyQt6"])
            (fresh / "PyQt5.py").write_text(_NO_PYQT5, encoding="utf-8")
            if not folder.is_dir():
                fresh.rename(folder)
    path = os.pathsep.join([str(folder), str(system.CHECKOUT)])
    return {**environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": path}


def look(root: Root | Here) -> Found:
    """Which Krita, Python and Qt are there. Raises DoorError."""
    python = krita.python_of(root.krita)
    if python is None:
        raise DoorError(f"The Krita in {root.folder} does not tell which Python it has.")
    package = root.output("dpkg-query", "--show", "--showformat=${Version}", "krita")
    # In a root it goes by its name; here, another of that name may come first on the PATH.
    program = python.name if isinstance(root, Root) else str(python)
    version = root.output(program, "-c", "import platform; print(platform.python_version())")
    binding, pyqt, qt = root.output(program, "-c", _BINDING).split()
    return Found(package, version, binding, pyqt, qt)


def surroundings(root: Root, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment in which whoever looks for Krita finds the root's."""
    path = os.pathsep.join([str(root.path), environ.get("PATH", os.defpath)])
    return {
        **environ,
        "PATH": path,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(system.CHECKOUT),
    }


def count(junit: str) -> Counts:
    """The numbers in pytest's report."""
    passed = failed = skipped = 0
    seconds = 0.0
    for suite in ET.fromstring(junit).iter("testsuite"):
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        out = int(suite.get("skipped", 0))
        failed, skipped = failed + bad, skipped + out
        passed += int(suite.get("tests", 0)) - bad - out
        seconds += float(suite.get("time", 0))
    return Counts(passed, failed, skipped, seconds)
