"""Makes the packages that travel with the plugin importable inside Krita, without getting in anybody's way.

``vendor/`` in the package holds the pure Python ones; ``archives`` unpacks the compiled one. Ours are looked
for first while we import them, and last ever after. One process holds one copy of each package: where
another plugin has loaded a copy of its own before us, we work with that one if its version is in the range
that ``pyproject.toml`` gives, and say in a sentence what is in the way if not. Standard library only.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.metadata
import platform
import re
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

from . import archives, neighbours
from .archives import VendorMissing, platform_name, python_tag
from .neighbours import InTheWay

PACKAGE = Path(__file__).resolve().parent
VENDOR = "vendor"

# The module that stands for each requirement of pyproject.toml, in an order that loads what others need
# first. packaging is not here: it is loaded only to judge somebody else's copy.
_MODULES = {
    "certifi": "certifi",
    "attrs": "attrs",
    "cattrs": "cattrs",
    "tenacity": "tenacity",
    "aiolimiter": "aiolimiter",
    "filelock": "filelock",
    "aiohttp": "aiohttp",
    "Pillow": "PIL.Image",
    "qasync": "qasync",
}
_QT_BINDINGS = ("PyQt5.QtCore", "PyQt6.QtCore")


def activate(data_dir: Path, package: Path = PACKAGE) -> archives.Hold | None:
    """Import our network and imaging stack, ours before any other copy, then step behind everybody.

    Our folders are never on ``sys.path``. While we import, this thread looks into them first; what is
    imported late, or by others meanwhile, is looked for in them when nobody else has it, so that another
    plugin never finds our copy first. ``qasync`` picks its Qt at import, so it waits until the host has one
    loaded. Twice is as good as once. May be called in any thread.

    Returns the unpacked Pillow, to be held as long as the process runs; None if none travels along. Raises
    VendorMissing when a package is neither in the plugin nor importable from elsewhere, InTheWay when
    somebody else's copy was loaded first in a version that ``pyproject.toml`` does not allow, and OSError
    when the data folder cannot be written.
    """
    folders = [folder for folder in (package / VENDOR,) if folder.is_dir()]
    archive = archives.find_archive(package)
    hold = archives.take(archive, data_dir) if archive is not None else None
    if hold is not None:
        folders.append(hold.folder)
    modules = dict(_MODULES)
    if not any(binding in sys.modules for binding in _QT_BINDINGS):
        del modules["qasync"]
    ranges = requirements(package)
    with _leading(folders):
        _judge_neighbours(ranges, folders, package)
        for name, module in modules.items():
            _load(name, module, package)
        _judge_neighbours(ranges, folders, package)  # what came from elsewhere because we brought none
    return hold


def _judge_neighbours(ranges: dict[str, str], folders: list[Path], package: Path) -> None:
    if neighbours.foreign(ranges, folders):  # else packaging would cost every start 20 ms
        _load("packaging", "packaging.requirements", package)
        neighbours.judge(ranges, folders)


def _load(name: str, module: str, package: Path) -> None:
    try:
        importlib.import_module(module)
    except ImportError as error:
        if not (package / VENDOR).is_dir():
            raise VendorMissing(f"{name} is missing: this copy of the plugin came without it.") from error
        python = platform.python_version()
        if name == "Pillow" and (package / archives.FOLDER).is_dir() and not archives.find_archive(package):
            raise VendorMissing(
                f"This copy of the plugin was made for {archives.made_for(package)}; this is "
                f"{archives.spoken(platform_name())} with Python {python}."
            ) from error
        raise VendorMissing(
            f"{name} could not be loaded by Python {python} ({platform_name()}): {error}."
        ) from error


class _First(importlib.abc.MetaPathFinder):
    """Finds what our folders have before anybody else is asked, for the thread that made it alone."""

    def __init__(self, folders: Sequence[str]) -> None:
        self._folders = list(folders)
        self._thread = threading.get_ident()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is not None or threading.get_ident() != self._thread:
            return None  # a part of a package: looked for where the package lies
        return importlib.machinery.PathFinder.find_spec(fullname, self._folders, target)


class _Last(importlib.metadata.DistributionFinder):
    """Finds what only our folders have: it is asked when nobody else knows a package of that name.

    So for their metadata: who uses the copy that we have loaded may ask for its version.
    """

    def __init__(self, folders: Sequence[str]) -> None:
        self._folders = list(folders)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if path is not None:
            return None
        return importlib.machinery.PathFinder.find_spec(fullname, self._folders, target)

    def find_distributions(
        self, context: importlib.metadata.DistributionFinder.Context | None = None
    ) -> Iterable[importlib.metadata.Distribution]:
        if context is None or "path" in vars(context):  # somebody asks for certain folders, not for ours
            return ()
        return importlib.metadata.distributions(name=context.name, path=self._folders)


@contextlib.contextmanager
def _leading(folders: list[Path]) -> Iterator[None]:
    names = [str(folder) for folder in folders]
    first = _First(names)
    _without(_Last)
    sys.meta_path.append(_Last(names))
    sys.meta_path.insert(0, first)
    importlib.invalidate_caches()
    try:
        yield
    finally:
        _without(_First)


def _without(kind: type) -> None:
    # A new list: another thread that is just going through the old one must not miss a finder.
    sys.meta_path = [finder for finder in sys.meta_path if not isinstance(finder, kind)]


def versions() -> dict[str, str]:
    """What this process has loaded of our packages, ours or another copy: for whoever helps an artist.

    Reads the packages' folders.
    """
    loaded = {name: module for name, module in _MODULES.items() if module in sys.modules}
    return {name: neighbours.version_of(name, module) or "?" for name, module in loaded.items()}


def requirements(package: Path = PACKAGE) -> dict[str, str]:
    """``{"aiohttp": ">=3.14.4", ...}``, from the pyproject.toml in the package or beside it (a checkout)."""
    for candidate in (package / "pyproject.toml", package.parent / "pyproject.toml"):
        if candidate.is_file():
            text = candidate.read_text(encoding="utf-8")
            block = re.search(r"^dependencies = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)
            return dict(re.findall(r'"([\w.-]+)([^"]*)"', block.group(1))) if block else {}
    return {}


__all__ = ["InTheWay", "VendorMissing", "activate", "platform_name", "python_tag", "requirements", "versions"]
