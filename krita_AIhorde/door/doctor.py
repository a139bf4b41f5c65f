"""What is well and what is not, and what to do about it."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from .. import about
from . import assemble, install, krita, kritarc, manifest
from .places import PLUGIN, Places
from .system import say

HORDE = "https://aihorde.net/api/v2"
_PATIENCE = 10.0  # seconds


@dataclass(frozen=True)
class Check:
    """One thing looked at. ``remedy`` is what to do, empty where all is well."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


def examine(places: Places) -> list[Check]:
    return list(_checks(places))


def report(checks: list[Check], as_json: bool) -> bool:
    """Print the checks; whether all is well."""
    if as_json:
        say(json.dumps([asdict(check) for check in checks], indent=2, ensure_ascii=False))
    else:
        for check in checks:
            say(f"{'✓' if check.ok else '✗'} {check.name}: {check.found}")
            if check.remedy:
                say(f"    {check.remedy}")
    return all(check.ok for check in checks)


def _checks(places: Places) -> Iterator[Check]:
    yield Check("Python", True, f"{platform.python_version()} on {platform.platform()}")
    found = krita.find()
    yield _krita(found)
    if found is not None:
        yield _krita_python(found)
    yield from _plugin(places)
    yield _data(places)
    yield _horde()


def _krita(found: Path | None) -> Check:
    if found is None:
        remedy = "Install Krita, unless it is an AppImage, Flatpak or Snap, which are not looked for."
        return Check("Krita", False, "not on the PATH", remedy)
    return Check("Krita", True, " ".join([str(found), krita_version()]).strip())


def krita_version() -> str:
    """Krita's version as its package tells it; Krita itself tells it only to a screen."""
    if shutil.which("dpkg-query") is None:
        return ""
    query = ["dpkg-query", "--show", "--showformat=${Version}", "krita"]
    return subprocess.run(query, check=False, capture_output=True, text=True).stdout.strip()


def _krita_python(found: Path) -> Check:
    version = krita.python_version(found)
    if version is None:
        return Check("Krita's Python", True, "not told; the plugin brings what several versions need")
    python = krita.python_of(found)
    bound = python is not None and _succeeds(python, "import PyQt5.QtWidgets")
    bound = bound or (python is not None and _succeeds(python, "import PyQt6.QtWidgets"))
    if python is not None and not bound:
        remedy = "Install python3-pyqt5 (for Krita 6 python3-pyqt6): without it Krita loads no plugins."
        return Check("Krita's Python", False, f"{version} without PyQt", remedy)
    return Check("Krita's Python", True, version)


def _plugin(places: Places) -> Iterator[Check]:
    there, run = places.pykrita / PLUGIN, "Run: python3 krita_AIhorde.py install"
    if not there.is_dir():
        yield Check("Plugin", False, f"not in {places.pykrita}", run)
        return
    beside = (places.pykrita / assemble.DESKTOP, places.actions / assemble.ACTION)
    wrong = manifest.problems(there) + [f"{file} is missing" for file in beside if not file.is_file()]
    if not wrong:
        yield Check("Plugin", True, f"{about.version()} in {there}")
    else:
        yield Check("Plugin", False, f"{there}: {wrong[0]}", run)
    content = places.kritarc.read_bytes() if places.kritarc.is_file() else b""
    if kritarc.is_enabled(content, PLUGIN):
        yield Check("Switched on", True, f"in {places.kritarc}")
    else:
        remedy = (
            "In Krita: Settings ▸ Configure Krita ▸ Python Plugin Manager, tick Krita AI Horde, and restart."
        )
        yield Check("Switched on", False, f"not in {places.kritarc}", remedy)


def _data(places: Places) -> Check:
    folder = install.artists_data(places)
    above = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if os.access(above, os.W_OK):
        return Check("Data folder", True, f"{folder}{'' if folder.exists() else ' (not made yet)'}")
    return Check("Data folder", False, f"{folder} cannot be written", f"Make {above} writable for yourself.")


def _horde() -> Check:
    base = os.environ.get("AIHORDE_API_URL", "").strip().rstrip("/") or HORDE
    request = urllib.request.Request(
        f"{base}/status/heartbeat", headers={"Client-Agent": about.client_agent()}
    )
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE):
            return Check("The Horde", True, f"{base} answers")
    except (urllib.error.URLError, OSError, ValueError) as error:
        remedy = "See whether this machine is online, and whether a proxy or firewall stands in between."
        return Check("The Horde", False, f"{base}: {getattr(error, 'reason', error)}", remedy)


def _succeeds(python: Path, code: str) -> bool:
    return subprocess.run([str(python), "-c", code], check=False, capture_output=True).returncode == 0
