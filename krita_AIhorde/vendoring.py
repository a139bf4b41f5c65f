"""Makes the packages that travel with the plugin importable inside Krita, without getting in anybody's way.

``vendor/`` in the package holds the pure Python ones. Pillow is compiled: ``vendor-pillow/`` holds archives
named ``pillow-<Python tag>-<platform>-<first 12 digits of the archive's SHA-256>.zip``, and the fitting one
is unpacked under its content's name into our data folder, so that an update never has to delete a library
that is loaded. Standard library only.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import importlib.metadata
import platform
import re
import shutil
import stat
import sys
import sysconfig
import tempfile
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from . import paths

PACKAGE = Path(__file__).resolve().parent
VENDOR = "vendor"
PILLOW = "vendor-pillow"
DIGEST_LENGTH = 12

# The module that stands for each requirement of pyproject.toml, in an order that loads what others need
# first.
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


class VendorMissing(ImportError):
    """A package that the plugin needs is absent, too old or damaged; the text says which, for the artist."""


def python_tag() -> str:
    """``cp311`` on Python 3.11."""
    return f"cp{sys.version_info[0]}{sys.version_info[1]}"


def platform_name() -> str:
    """``linux-x86_64``, ``macos-arm64``, ``windows-amd64``: what this process runs as."""
    if sys.platform == "win32":
        # Not platform.machine(): that names the processor, and an ARM machine runs Krita for amd64 as well.
        return sysconfig.get_platform().replace("win-", "windows-")
    system = "macos" if sys.platform == "darwin" else sys.platform
    return f"{system}-{platform.machine()}"


def activate(data_dir: Path, package: Path = PACKAGE) -> None:
    """Import our network and imaging stack, ours before any other copy, then step behind everybody.

    Our folders lead ``sys.path`` only while we import, and end it afterwards: another plugin that looks for
    a package of its own never finds our copy first. ``qasync`` picks its Qt at import, so it waits until
    the host has one loaded. Calling it twice is harmless.

    Raises VendorMissing when a package is neither in the plugin nor importable from elsewhere in a version
    that ``pyproject.toml`` allows, and OSError when the data folder cannot be written.
    """
    folders = [folder for folder in (package / VENDOR,) if folder.is_dir()]
    archive = find_archive(package)
    if archive is not None:
        folders.append(unpack(archive, data_dir))
    modules = dict(_MODULES)
    if not any(binding in sys.modules for binding in _QT_BINDINGS):
        del modules["qasync"]
    requirements = _requirements(package)
    with _leading(folders):
        for name, module in modules.items():
            _load(name, module, folders, requirements.get(name, ""))


def find_archive(package: Path = PACKAGE) -> Path | None:
    """The Pillow that travels with the plugin for this Python and platform, if there is one."""
    builds = sorted((package / PILLOW).glob(f"pillow-{python_tag()}-{platform_name()}-*.zip"))
    return builds[-1] if builds else None


def unpack(archive: Path, data_dir: Path) -> Path:
    """The folder ``<data_dir>/lib/<digest>`` with the archive's content, unpacked now unless it is whole.

    Two Kritas may do this at once: each unpacks aside, and one rename decides. Older builds stay, since
    another Krita may have them loaded. Raises VendorMissing when the archive is damaged, and OSError.
    """
    lib = paths.make_private(paths.make_private(data_dir) / "lib")
    digest = archive.stem.rsplit("-", 1)[-1]
    target = lib / digest
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = _safe_entries(opened)
            if _is_whole(target, entries):
                return target
            if hashlib.sha256(archive.read_bytes()).hexdigest()[:DIGEST_LENGTH] != digest:
                raise VendorMissing(f"{archive.name} is damaged. Install the plugin again.")
            fresh = Path(tempfile.mkdtemp(prefix=f".{digest}-", dir=lib))
            opened.extractall(fresh)
    except zipfile.BadZipFile as error:
        raise VendorMissing(f"{archive.name} is damaged ({error}). Install the plugin again.") from error
    _put(fresh, target, entries)
    return target


def _put(fresh: Path, target: Path, entries: list[zipfile.ZipInfo]) -> None:
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, fresh, ignore_errors=True)
        if target.exists() and not _is_whole(target, entries):
            # Moved aside before it is deleted: a rename is all or nothing.
            broken = target.with_name(f".{target.name}-{uuid.uuid4().hex}")
            with contextlib.suppress(FileNotFoundError):
                target.rename(broken)
            stack.callback(shutil.rmtree, broken, ignore_errors=True)
        try:
            fresh.rename(target)
        except OSError:
            if not _is_whole(target, entries):  # else another Krita was quicker: the same content lies there
                raise


def _safe_entries(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The archive's files; VendorMissing if one of them would land outside the folder or is a link."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    for entry in entries:
        # orig_filename: zipfile itself already turns backslashes into slashes on Windows.
        name = PurePosixPath(entry.orig_filename)
        outside = name.is_absolute() or ".." in name.parts or "\\" in str(name) or ":" in str(name)
        if outside or stat.S_ISLNK(entry.external_attr >> 16):
            raise VendorMissing(f"the archive holds a file that belongs elsewhere: {entry.filename}")
    return entries


def _is_whole(folder: Path, entries: list[zipfile.ZipInfo]) -> bool:
    try:
        return all((folder / entry.filename).stat().st_size == entry.file_size for entry in entries)
    except OSError:
        return False


@contextlib.contextmanager
def _leading(folders: list[Path]) -> Iterator[None]:
    names = [str(folder) for folder in folders]
    sys.path[:] = names + [entry for entry in sys.path if entry not in names]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        # What is imported late (a lazily loaded part of a package) is still found, after everybody else's.
        sys.path[:] = [entry for entry in sys.path if entry not in names] + names


def _load(name: str, module: str, folders: list[Path], allowed: str) -> None:
    try:
        importlib.import_module(module)
    except ImportError as error:
        if not folders:
            raise VendorMissing(f"{name} is missing: this copy of the plugin came without it.") from error
        raise VendorMissing(
            f"{name} could not be loaded by Python {platform.python_version()} ({platform_name()}): {error}."
        ) from error
    # Another plugin may have loaded a copy of its own before us; Python keeps one of each name.
    root = _root_of(module)
    if any(root == folder.resolve() for folder in folders):
        return
    found = _version_in(root, name)
    if found and not _satisfies(found, allowed):
        raise VendorMissing(
            f"{name} {found} from {root} was loaded before ours, and we need {name} {allowed}. "
            f"Switch off the plugin that brings it, or update it, and restart Krita."
        )


def versions() -> dict[str, str]:
    """What this process has loaded of our packages, ours or another copy: for whoever helps an artist.

    Reads the packages' folders.
    """
    loaded = {name: module for name, module in _MODULES.items() if module in sys.modules}
    return {name: _version_in(_root_of(module), name) or "?" for name, module in loaded.items()}


def _root_of(module: str) -> Path:
    """The folder on ``sys.path`` that the loaded ``module`` came from."""
    loaded = sys.modules[module]
    return Path(str(loaded.__file__)).resolve().parents[module.count(".") + _is_package(loaded)]


def _version_in(root: Path, name: str) -> str:
    return next((dist.version for dist in importlib.metadata.distributions(name=name, path=[str(root)])), "")


def _is_package(module: object) -> int:
    return 1 if hasattr(module, "__path__") else 0


def _requirements(package: Path) -> dict[str, str]:
    """``{"aiohttp": ">=3.14.4", ...}``, from the pyproject.toml in the package or beside it (a checkout)."""
    for candidate in (package / "pyproject.toml", package.parent / "pyproject.toml"):
        if candidate.is_file():
            text = candidate.read_text(encoding="utf-8")
            block = re.search(r"^dependencies = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)
            return dict(re.findall(r'"([\w.-]+)([^"]*)"', block.group(1))) if block else {}
    return {}


def _satisfies(version: str, allowed: str) -> bool:
    """Whether ``version`` meets ``>=A`` or ``==A`` (all that our pyproject.toml uses)."""
    found = re.match(r"(>=|==)([\d.]+)$", allowed)
    if not found:
        return True
    wanted, have = _numbers(found.group(2)), _numbers(version)
    return have == wanted if found.group(1) == "==" else have >= wanted


def _numbers(version: str) -> tuple[int, ...]:
    release = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in release.group().split(".")) if release else ()
