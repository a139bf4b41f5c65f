"""Which mirror of Debian's archive this machine uses, read from apt's own sources."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT = "http://deb.debian.org/debian"
"""Debian's own address, which leads everybody to a mirror near them."""
APT = Path("/etc/apt")
_SUITES = {"oldoldstable", "oldstable", "stable", "testing", "unstable"}
_SUITES |= {"bullseye", "bookworm", "trixie", "forky", "duke", "sid"}


@dataclass(frozen=True)
class Source:
    """One archive of packages that apt is told of: every suite at every address."""

    addresses: tuple[str, ...]
    suites: tuple[str, ...]
    components: tuple[str, ...]


def mirror(apt: Path = APT) -> str:
    """The address of the first source that is Debian's whole archive, else Debian's own address.

    Others publish packages under the same names of suites; a mirror of Debian has them under ``…/debian`` and
    in the component ``main``. Whose it is stays proved by the signature alone.
    """
    for source in sources(apt):
        if "main" not in source.components or _SUITES.isdisjoint(source.suites):
            continue
        for address in source.addresses:
            parts = urlsplit(address)
            if parts.scheme in {"http", "https", "file"} and parts.path.rstrip("/").endswith("/debian"):
                return address.rstrip("/")
    return DEFAULT


def sources(apt: Path) -> Iterator[Source]:
    """All that is switched on, in both of apt's ways of writing it."""
    folder = apt / "sources.list.d"
    for file in [apt / "sources.list", *sorted(folder.glob("*.list"))]:
        yield from classic(_lines(file))
    for file in sorted(folder.glob("*.sources")):
        yield from deb822(_lines(file))


def classic(lines: Iterable[str]) -> Iterator[Source]:
    """``deb [options] ADDRESS SUITE COMPONENT…``"""
    for line in lines:
        plain = line.partition("#")[0].strip()
        kind, _, rest = plain.replace("\t", " ").partition(" ")
        rest = rest.strip()
        if rest.startswith("["):
            rest = rest.partition("]")[2]
        words = shlex.split(rest) if kind == "deb" else []
        if len(words) >= 2:
            yield Source((words[0],), (words[1],), tuple(words[2:]))


def deb822(lines: Iterable[str]) -> Iterator[Source]:
    """Paragraphs of ``Field: values``, continued in lines that begin with a space."""
    for fields in _paragraphs(lines):
        switched_on = fields.get("enabled", "yes").strip().lower() not in {"no", "false", "0", "off"}
        if switched_on and "deb" in fields.get("types", "").split():
            names = ("uris", "suites", "components")
            yield Source(*(tuple(fields.get(name, "").split()) for name in names))


def _paragraphs(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    fields: dict[str, str] = {}
    name = ""
    for line in [*lines, ""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            if fields:
                yield fields
            fields, name = {}, ""
        elif line[0] in " \t":
            if name:
                fields[name] += " " + line.strip()
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
