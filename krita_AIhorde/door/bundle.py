"""Makes the zips that Krita's own "Import Python Plugin from File" takes as they are, one for each system.

One for each system, not one for all: a single zip would have to hold a Pillow for every system, processor
and Python, 65 MB of which an artist could use 6. A wrong choice is told in the docker. macOS is one system,
for Intel and Apple; Linux on ARM is apart, since it would double the download of everybody else on Linux.

The same checkout gives the same bytes, whenever and wherever it is bundled with the same zlib.
"""

from __future__ import annotations

import configparser
import hashlib
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .. import archives
from . import release, system, vendor
from .assemble import ACTION, DESKTOP, Build, assemble
from .places import PLUGIN
from .system import DoorError, say

LIMIT = 12_000_000
"""Bytes that one Python's share of a zip may take: what all share, and its own Pillows."""
NOTES = "RELEASE-NOTES.md"
SUMS = "SHA256SUMS"

_EPOCH = (1980, 1, 1, 0, 0, 0)  # a date of its own for each build would give the same content other bytes
_OURS = {".py", ".html", ".md", ".toml", ".sha256", ""}  # "": LICENSE
_COMPILED = {".so", ".pyd", ".dll", ".dylib"}


@dataclass(frozen=True)
class System:
    """One zip: whom it is for, and the platforms (``archives.platform_name``) and Pythons of their Kritas."""

    name: str
    about: str
    platforms: tuple[str, ...]
    pythons: tuple[str, ...]


# Krita's own builds have Python 3.10 (5.2) or 3.13 (5.3 and 6.0), the AppImage and the Flatpak among them;
# distributions have their own. Krita is not made for Windows on ARM, which runs the other one.
SYSTEMS = (
    System("windows", "Windows", ("windows-amd64",), ("3.10", "3.13")),
    System("macos", "macOS, Intel and Apple", ("macos-x86_64", "macos-arm64"), ("3.10", "3.13")),
    System("linux", "Linux: AppImage, Flatpak, packages", ("linux-x86_64",), vendor.EVERY_PYTHON),
    System("linux-arm", "Linux on ARM", ("linux-aarch64",), vendor.EVERY_PYTHON),
)


def bundle(
    output: Path,
    systems: Iterable[System] = SYSTEMS,
    *,
    checkout: Path = system.CHECKOUT,
    pip: vendor.Pip | None = None,
) -> list[Path]:
    """Make the zips, the release notes and the list of digests in ``output``; the zips' paths.

    Raises DoorError when HISTORY.md does not begin with this version, when a zip would not be taken by
    Krita's importer, or when it is too large for an artist.
    """
    notes = release.notes(checkout)
    version = release.version(checkout)
    output.mkdir(parents=True, exist_ok=True)
    made = []
    for wanted in systems:
        file = output / f"{PLUGIN}-{version}-{wanted.name}.zip"

        def build(package: Path, pythons: Sequence[str], wanted: System = wanted) -> None:
            vendor.build(package, pythons, wanted.platforms, pip)

        make(file, wanted, build, checkout)
        made.append(file)
    (output / NOTES).write_text(notes, encoding="utf-8")
    digests = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in made)
    (output / SUMS).write_text("".join(digests), encoding="ascii")
    say(f"Saved {output / NOTES} and {output / SUMS}")
    return made


def make(file: Path, wanted: System, build: Build, checkout: Path = system.CHECKOUT) -> None:
    """Write one zip to ``file``, all or nothing, and print its size. Raises DoorError."""
    fresh = file.with_name(f".{file.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix="aihorde-bundle-") as folder:
            assemble(checkout, Path(folder), wanted.pythons, build)
            _pack(Path(folder), fresh)
        wrong = problems(fresh)
        if wrong:
            raise DoorError(f"{file.name} would not be a plugin: {wrong[0]}")
        sizes = shares(fresh, wanted.pythons)
        for python, size in sizes.items():
            if size > LIMIT:
                raise DoorError(f"{file.name} has {size / 1e6:.1f} MB for Python {python}; 12 are the limit.")
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    each = ", ".join(f"{python}: {size / 1e6:.1f}" for python, size in sizes.items())
    say(f"Saved {file}: {file.stat().st_size / 1e6:.1f} MB for {wanted.about} (MB for Python {each})")


def _pack(folder: Path, file: Path) -> None:
    with zipfile.ZipFile(file, "w") as archive:
        # In the order of their names as POSIX spells them: every system's own order gives other bytes.
        for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
            name = path.relative_to(folder).as_posix()
            # Folders are entries of their own: the importer finds the plugin by the entry of its folder.
            entry = zipfile.ZipInfo(f"{name}/" if path.is_dir() else name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = (0o40755 << 16 | 0x10) if path.is_dir() else 0o100644 << 16
            packed = path.suffix == ".zip"
            entry.compress_type = zipfile.ZIP_STORED if packed or path.is_dir() else zipfile.ZIP_DEFLATED
            archive.writestr(entry, b"" if path.is_dir() else path.read_bytes())


def problems(file: Path) -> list[str]:
    """What keeps Krita's importer, or Krita, from making a plugin of this zip; empty if nothing does.

    The importer copies the .desktop, the package's folder and the .action, and nothing else; it reads the
    .desktop with configparser, and needs an entry for the package's folder.
    """
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        missing = {DESKTOP, ACTION, f"{PLUGIN}/", f"{PLUGIN}/__init__.py", f"{PLUGIN}/pyproject.toml"} - names
        if missing:
            return [f"{name} is missing" for name in sorted(missing)]
        strays = {name for name in names if not name.startswith(f"{PLUGIN}/")} - {DESKTOP, ACTION}
        folders = {f"{parent}/" for name in names for parent in PurePosixPath(name).parents if parent.name}
        # Also libwebp.so.7: the importer deletes the folder, and Windows deletes no library that is loaded.
        compiled = {name for name in names if not _COMPILED.isdisjoint(PurePosixPath(name).suffixes)}
        left = {name for name in names if _is_left_over(name)}
        described = configparser.ConfigParser()
        described.read_string(archive.read(DESKTOP).decode("utf-8"))
        entry = dict(described["Desktop Entry"])
    return [
        *(f"{name} would not be copied" for name in sorted(strays)),
        *(f"the folder {name} has no entry" for name in sorted(folders - names)),
        *(f"{name} is compiled" for name in sorted(compiled)),
        *(f"{name} is no part of the plugin" for name in sorted(left)),
        *(f"{DESKTOP} has no {key}" for key in ("X-KDE-Library", "Name") if not entry.get(key.lower())),
    ]


def _is_left_over(name: str) -> bool:
    """Whether a file in our own folders is an editor's or a system's, and lay there by chance."""
    path = PurePosixPath(name)
    vendored = len(path.parts) > 1 and path.parts[1].startswith("vendor")
    if name.endswith("/") or vendored or path.parent == PurePosixPath("."):
        return False
    return path.suffix not in _OURS or path.name.startswith(".")


def shares(file: Path, pythons: Sequence[str]) -> dict[str, int]:
    """Bytes of the zip for each Python: what all of them share, and its own Pillows."""
    with zipfile.ZipFile(file) as archive:
        builds = {entry.filename: entry.compress_size for entry in archive.infolist() if _is_build(entry)}
    shared = file.stat().st_size - sum(builds.values())
    return {
        python: shared
        + sum(size for name, size in builds.items() if f"pillow-cp{python.replace('.', '')}-" in name)
        for python in pythons
    }


def _is_build(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.startswith(f"{PLUGIN}/{archives.FOLDER}/") and not entry.is_dir()
