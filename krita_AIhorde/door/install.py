"""Puts the plugin into Krita's folders, and takes it out again: all of it or nothing.

The new plugin is built and tried beside the old one; then renames put it in its place, and the old one is
kept until that has worked. What the artist has made lies elsewhere and is not touched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .. import paths
from . import krita, kritarc, manifest, system, vendor
from .assemble import ACTION, DESKTOP, Build, assemble
from .places import PLUGIN, Places
from .system import DoorError

# Run by Krita's own Python, or one of the same version: everything that travels along must load from the
# new folder.
_TRY = """
import sys, pathlib
sys.path.insert(0, sys.argv[1])
from krita_AIhorde import vendoring
vendoring.activate(pathlib.Path(sys.argv[2]))
"""


def install(
    places: Places,
    *,
    pythons: Sequence[str],
    python: Path | None = None,
    build: Build = vendor.build,
    checkout: Path = system.CHECKOUT,
) -> None:
    """Install the plugin with its packages for ``pythons``, and switch it on.

    ``python``, an interpreter of Krita's version, tries the new plugin before the old one is touched. Raises
    DoorError or OSError, and then everything is as it was.
    """
    pykrita = places.pykrita
    pykrita.mkdir(parents=True, exist_ok=True)
    _recover(pykrita)
    with _aside(pykrita / f"{PLUGIN}.new") as staging:
        assemble(checkout, staging, pythons, build)
        if python is not None:
            _try(python, staging)
        _swap(staging, places)


def uninstall(places: Places) -> bool:
    """Take the plugin out; False if there was none. What the artist has made stays."""
    found = [places.pykrita / PLUGIN, places.pykrita / f"{PLUGIN}.old", places.pykrita / f"{PLUGIN}.new"]
    there = any(folder.exists() for folder in found) or (places.pykrita / DESKTOP).exists()
    (places.pykrita / DESKTOP).unlink(missing_ok=True)
    (places.actions / ACTION).unlink(missing_ok=True)
    for folder in found:
        if folder.exists():
            shutil.rmtree(folder)
    if places.kritarc.is_file():
        _configure(places.kritarc, kritarc.forget(places.kritarc.read_bytes(), PLUGIN))
    return there


def artists_data(places: Places) -> Path:
    """Where settings, journal and results lie."""
    return paths.data_dir(places.data)


def pythons_for(found: Path | None) -> tuple[str, ...]:
    """The Pythons that the plugin has to serve: this Krita's if it tells, else those of all Kritas in use."""
    version = krita.python_version(found) if found is not None else None
    return (version,) if version is not None else vendor.PYTHONS


def _try(python: Path, staging: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        # -I: neither the user's site-packages nor PYTHONPATH; Krita has them, but must not need them.
        command = [str(python), "-I", "-B", "-c", _TRY, str(staging), folder]
        answer = subprocess.run(command, check=False, capture_output=True, text=True)
    if answer.returncode != 0:
        reason = answer.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise DoorError(f"The new plugin does not load in Krita's Python: {reason[0]}")


def _swap(staging: Path, places: Places) -> None:
    """Everything up to here can be thrown away; each step from here has its way back."""
    current, old = places.pykrita / PLUGIN, places.pykrita / f"{PLUGIN}.old"
    alongside = {DESKTOP: places.pykrita / DESKTOP, ACTION: places.actions / ACTION}
    places.actions.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as back:
        if current.exists():
            current.rename(old)
            back.callback(old.rename, current)
        (staging / PLUGIN).rename(current)
        back.callback(shutil.rmtree, current)
        for name, file in alongside.items():
            back.callback(_restore, file, file.read_bytes() if file.exists() else None)
            os.replace(staging / name, file)
        before = places.kritarc.read_bytes() if places.kritarc.is_file() else b""
        _configure(places.kritarc, kritarc.enable(before, PLUGIN))
        back.pop_all()
    shutil.rmtree(old, ignore_errors=True)


def _restore(file: Path, content: bytes | None) -> None:
    if content is None:
        file.unlink(missing_ok=True)
    else:
        file.write_bytes(content)


def _configure(file: Path, content: bytes) -> None:
    """Write Krita's configuration, whole or not at all, through a link if it is one."""
    target = file.resolve()
    if target.is_file() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.new")
    fresh.write_bytes(content)
    if target.exists():
        shutil.copymode(target, fresh)
    os.replace(fresh, target)


def _recover(pykrita: Path) -> None:
    """Finish what an install that was cut off (power, kill) left half done."""
    current, old = pykrita / PLUGIN, pykrita / f"{PLUGIN}.old"
    if not old.exists():
        return
    if current.exists() and manifest.problems(current):
        shutil.rmtree(current)
    if current.exists():
        shutil.rmtree(old)
    else:
        old.rename(current)


@contextlib.contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
