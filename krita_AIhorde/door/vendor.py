"""Builds the folders of vendored packages from wheels pinned by hash (vendor.txt, pillow.txt).

pip fetches, and checks every hash; what it fetched stays in ``.cache/wheels``, so that a second build needs
neither pip nor a network.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .. import archives, vendoring
from . import environment, system
from .system import DoorError, Missing, say

HERE = Path(__file__).resolve().parent
CACHE = system.CHECKOUT / ".cache" / "wheels"
PYTHONS = ("3.10", "3.11", "3.13", "3.14")
"""The Pythons of the Kritas in use: 5.2's own builds, Debian 12, 5.3 and 6.0, Debian's newest."""

EVERY_PYTHON = ("3.10", "3.11", "3.12", "3.13", "3.14")
"""What Linux distributions build their Krita for."""

Pip = Callable[[list[str]], None]

_COMPILED = {".so", ".pyd", ".dylib", ".dll"}
# Sources of extension modules that nobody builds, tests, and pip's own notes.
_NOISE_SUFFIXES = {".c", ".h", ".hash", ".pxd", ".pxi", ".pyi", ".pyx"}
_NOISE_FOLDERS = {"__pycache__", "test", "tests"}
_NOISE_METADATA = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "top_level.txt", "entry_points.txt"}


@dataclass(frozen=True)
class Wheel:
    """One pinned wheel, and what pip has to be told to fetch exactly that one."""

    requirement: str  # "aiohttp==3.14.5"
    sha256: str
    target: tuple[str, ...]


def build(
    target: Path, pythons: Iterable[str], platforms: Iterable[str] | None = None, pip: Pip | None = None
) -> None:
    """Put ``vendor/`` and ``vendor-pillow/`` into ``target``, which must not have them yet.

    ``pythons`` are versions ("3.11"); ``platforms`` our names of platforms, this machine's where None.
    Raises Missing when no Pillow is pinned for one of them, and DoorError when a wheel cannot be had.
    """
    wanted = list(platforms) if platforms is not None else platforms_here()
    compiled = [pillow_wheel(python, platform) for python in pythons for platform in wanted]
    files = fetch([*pure_wheels(), *(wheel for _tag, wheel in compiled)], CACHE, pip)
    for wheel in pure_wheels():
        _unpack_pure(files[wheel.sha256], target / vendoring.VENDOR)
    for tag, wheel in compiled:
        _repack_pillow(files[wheel.sha256], tag, target / archives.FOLDER)


def platforms_here() -> list[str]:
    """This machine's platform; on a Mac both, since Krita's Python runs as either."""
    here = archives.platform_name()
    return ["macos-arm64", "macos-x86_64"] if here.startswith("macos-") else [here]


def pure_wheels() -> list[Wheel]:
    target = ("--platform=any", "--implementation=py", "--abi=none", "--python-version=3.10")
    pins = re.findall(
        r"^(\S+==\S+) --hash=sha256:(\w+)$", (HERE / "vendor.txt").read_text("utf-8"), re.MULTILINE
    )
    return [Wheel(requirement, sha256, target) for requirement, sha256 in pins]


def pillow_wheel(python: str, platform: str) -> tuple[str, Wheel]:
    """The tag ``cp311-linux-x86_64`` and the wheel for it. Raises Missing where none is pinned."""
    text = (HERE / "pillow.txt").read_text("utf-8")
    version = re.findall(r"^version (\S+)$", text, re.MULTILINE)[0]
    wanted = ["cp" + python.replace(".", ""), platform]
    for row in (line.split() for line in text.splitlines() if line.startswith("cp")):
        if row[:2] == wanted:
            target = (f"--platform={row[2]}", "--implementation=cp", f"--python-version={python}")
            return "-".join(wanted), Wheel(f"Pillow=={version}", row[3], target)
    raise Missing(f"There is no Pillow {version} for Python {python} on {platform}, which the plugin needs.")


def fetch(wheels: list[Wheel], cache: Path, pip: Pip | None = None) -> dict[str, Path]:
    """The file of each wheel by its SHA-256, from ``cache`` or else through pip. Raises DoorError."""
    have = _by_digest(cache)
    absent = [wheel for wheel in wheels if wheel.sha256 not in have]
    if absent:
        say(f"Fetching {len(absent)} packages that travel with the plugin")
        cache.mkdir(parents=True, exist_ok=True)
        for target in dict.fromkeys(wheel.target for wheel in absent):
            _download(
                [wheel for wheel in absent if wheel.target == target], target, cache, pip or _default_pip()
            )
        have = _by_digest(cache)
    lost = [wheel.requirement for wheel in wheels if wheel.sha256 not in have]
    if lost:
        raise DoorError(f"pip brought something else than was pinned: {', '.join(lost)}")
    return {wheel.sha256: have[wheel.sha256] for wheel in wheels}


def _default_pip() -> Pip:
    interpreter = environment.bare()
    return lambda arguments: environment.pip(interpreter, arguments)


def _download(wheels: list[Wheel], target: tuple[str, ...], cache: Path, pip: Pip) -> None:
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "pins.txt"
        pins.write_text(
            "".join(f"{w.requirement} --hash=sha256:{w.sha256}\n" for w in wheels), encoding="ascii"
        )
        kinds = ["--only-binary=:all:", "--no-deps", "--require-hashes"]
        pip(["download", "--quiet", *kinds, *target, f"--dest={folder}", f"--requirement={pins}"])
        for wheel in Path(folder).glob("*.whl"):
            arriving = cache / f".{wheel.name}.part"
            shutil.copyfile(wheel, arriving)
            arriving.replace(cache / wheel.name)


def _by_digest(cache: Path) -> dict[str, Path]:
    return {hashlib.sha256(file.read_bytes()).hexdigest(): file for file in sorted(cache.glob("*.whl"))}


def _unpack_pure(wheel: Path, vendor: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if not name.endswith("/") and not is_noise(name)]
        compiled = [name for name in names if PurePosixPath(name).suffix in _COMPILED or ".data/" in name]
        if compiled:
            raise DoorError(f"{wheel.name} is no pure Python package: it holds {compiled[0]}")
        archive.extractall(vendor, members=names)


def is_noise(name: str) -> bool:
    """Whether a file of a wheel serves neither the program nor its licence."""
    path = PurePosixPath(name)
    if path.parts[0].endswith(".dist-info"):
        return path.name in _NOISE_METADATA
    return path.suffix in _NOISE_SUFFIXES or not _NOISE_FOLDERS.isdisjoint(path.parts[:-1])


def is_avif(name: str) -> bool:
    """AVIF is a third of Pillow's bytes, and the Horde sends WebP."""
    return PurePosixPath(name).name.startswith(("_avif", "libavif"))


def _repack_pillow(wheel: Path, tag: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{tag}.part"
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(fresh, "w") as archive:
        for name in sorted(source.namelist()):
            if name.endswith("/") or is_noise(name) or is_avif(name):
                continue
            # A date of its own for each build would give the same content another name.
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, source.read(name), zipfile.ZIP_DEFLATED, compresslevel=6)
    digest = hashlib.sha256(fresh.read_bytes()).hexdigest()[: archives.DIGEST_LENGTH]
    fresh.replace(folder / f"pillow-{tag}-{digest}.zip")
