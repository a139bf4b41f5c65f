"""Settings as a text that one artist gives another."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from . import file
from .registry import ALL
from .setting import Setting


@dataclass(frozen=True)
class Imported:
    """What became of a text, by names of settings. Not ``readable``: it was no settings at all."""

    taken: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()  # of a kind that does not fit, or private
    unknown: tuple[str, ...] = ()  # of no setting that this version knows
    readable: bool = True


def exported(values: Iterable[tuple[Setting[Any], Any]]) -> str:
    """JSON of all values that are not private, those that are the defaults, too."""
    shared = {setting.name: value for setting, value in values if not setting.private}
    return json.dumps({"version": file.VERSION, "values": shared}, indent=1) + "\n"


def parsed(text: str) -> tuple[dict[Setting[Any], Any], Imported]:
    """The values in an exported ``text`` (or in a settings file) that fit, and what became of the others."""
    try:
        found = file.migrated(json.loads(text))["values"]
        names = list(map(str, found.keys()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}, Imported(readable=False)
    known = {setting.name: setting for setting in ALL}
    values = {
        known[name]: found[name]
        for name in names
        if name in known and not known[name].private and known[name].fits(found[name])
    }
    taken = tuple(setting.name for setting in values)
    return values, Imported(
        taken,
        ignored=tuple(name for name in names if name in known and name not in taken),
        unknown=tuple(name for name in names if name not in known),
    )
