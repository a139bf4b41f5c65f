"""Copies of our packages that somebody else has loaded before us, and whether we can work with them.

A process holds one copy of each package. Standard library, and ``packaging`` once there is such a copy.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

# Modules that are not called as the package is.
_MODULE = {"attrs": "attr", "pillow": "PIL"}


class InTheWay(ImportError):
    """Another copy of a package was loaded before ours, and does not suit; the text is for the artist."""


def judge(ranges: Mapping[str, str], folders: list[Path]) -> None:
    """Hold what is loaded from elsewhere than ``folders`` to ``ranges`` and to our own packages' needs.

    ``ranges`` are those of ``pyproject.toml``. Raises InTheWay.
    """
    found = foreign(ranges, folders)
    for wanted_by, name, allowed in _needs(ranges, folders, found):
        module = found[_plain(name)]
        version = version_of(name, module)
        if version and not _is_in(version, allowed):
            root = _root(module)
            owner = _plugin(root)
            came = f"{root} (the plugin “{owner}” brings it)" if owner else str(root)
            raise InTheWay(
                f"{name} {version} from {came} was loaded before ours, and {wanted_by} {name} {allowed}. "
                f"Update the plugin that brings it, or switch it off, and start Krita again."
            )


def foreign(ranges: Mapping[str, str], folders: list[Path]) -> dict[str, str]:
    """``{"aiohttp": "aiohttp", "attrs": "attr", ...}``: packages loaded from elsewhere, and their modules."""
    ours = [info.name.partition("-")[0] for folder in folders for info in folder.glob("*.dist-info")]
    names = {_plain(name) for name in (*ranges, *ours)}
    return {plain: module for plain in names if (module := _foreign(plain, folders)) is not None}


def _needs(
    ranges: Mapping[str, str], folders: list[Path], found: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Who needs what in which range, as far as somebody else's copy has to meet it."""
    for name, allowed in ranges.items():
        if _plain(name) in found:
            yield "we need", name, allowed
    from packaging.requirements import Requirement

    for dist in importlib.metadata.distributions(path=[str(folder) for folder in folders]):
        if _plain(dist.metadata["Name"]) in found:  # ours is not used, and so needs nothing
            continue
        for need in map(Requirement, dist.requires or ()):
            here = need.marker is None or need.marker.evaluate({"extra": ""})
            if here and _plain(need.name) in found:
                yield f"our {dist.metadata['Name']} needs", need.name, str(need.specifier)


def _is_in(version: str, allowed: str) -> bool:
    from packaging.specifiers import SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        return SpecifierSet(allowed).contains(Version(version), prereleases=True)
    except InvalidVersion:  # "unknown": then the import will tell
        return True


def version_of(name: str, module: str) -> str:
    """The version of a loaded package as its metadata tell it, or else it itself; "" if nobody does."""
    told = importlib.metadata.distributions(name=name, path=[str(_root(module))])
    version = next((dist.version for dist in told), "")
    # Plugins that carry a package's folder alone leave its metadata out.
    return version or str(getattr(sys.modules[module.partition(".")[0]], "__version__", ""))


def _foreign(plain: str, folders: list[Path]) -> str | None:
    """The module of the package ``plain``, if it is loaded, and not from one of ``folders``."""
    module = _MODULE.get(plain, plain.replace("-", "_"))
    loaded = sys.modules.get(module)
    if loaded is None or getattr(loaded, "__file__", None) is None:
        return None
    root = _root(module)
    return None if any(root == folder.resolve() for folder in folders) else module


def _root(module: str) -> Path:
    """The folder on ``sys.path`` that the loaded ``module`` came from."""
    loaded = sys.modules[module]
    levels = module.count(".") + (1 if hasattr(loaded, "__path__") else 0)
    return Path(str(loaded.__file__)).resolve().parents[levels]


def _plugin(root: Path) -> str:
    """The plugin of Krita's that ``root`` lies in, "" if it lies elsewhere."""
    above = root.parts[:-1]
    return root.parts[above.index("pykrita") + 1] if "pykrita" in above else ""


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
