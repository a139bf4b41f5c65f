"""The settings' file: what it holds, how an older one becomes a present one, and how it is written."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .registry import ALL

VERSION = 2
Values = dict[str, Any]  # by the settings' names; those of a newer version are among them, as they are
_KNOWN = {setting.name: setting for setting in ALL}


@dataclass
class Content:
    """``values`` are the last ones used anywhere; ``documents`` those of each document, longest unused first.

    ``rest`` is whatever a newer version keeps beside them.
    """

    values: Values = field(default_factory=dict)
    documents: dict[str, Values] = field(default_factory=dict)
    version: int = VERSION
    rest: dict[str, Any] = field(default_factory=dict)

    def copied(self) -> Content:
        """A copy that does not change with this one."""
        documents = {key: dict(values) for key, values in self.documents.items()}
        return Content(dict(self.values), documents, self.version, self.rest)

    def text(self) -> str:
        data = {**self.rest, "version": self.version, "values": self.values, "documents": self.documents}
        return json.dumps(data, indent=1, ensure_ascii=False)


def parsed(text: str) -> Content:
    """Raises ValueError, KeyError, TypeError or RecursionError for what is no settings file.

    One value that makes no sense becomes its default; one document that makes none is left out.
    """
    data = migrated(json.loads(text))
    documents = {
        key: _checked(values)
        for key, values in data.pop("documents").items()
        if key and isinstance(values, dict)
    }
    return Content(_checked(dict(data.pop("values"))), documents, data.pop("version"), data)


def migrated(data: Mapping[str, Any]) -> dict[str, Any]:
    """``data`` as `VERSION` writes it. A newer version's keeps its number, which its plugin has to find."""
    version = data.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        version = 1
    present = dict(data)
    for step in _MIGRATIONS[version - 1 :]:
        present = step(present)
    if not isinstance(present.get("documents"), dict):
        present["documents"] = {}
    return {**present, "version": max(version, VERSION)}


def _to_2(data: dict[str, Any]) -> dict[str, Any]:
    """Documents got values of their own."""
    return {**data, "documents": {}}


_MIGRATIONS: tuple[Callable[[dict[str, Any]], dict[str, Any]], ...] = (_to_2,)  # from 1 on


def _checked(values: Values) -> Values:
    return {name: _KNOWN[name].checked(v) if name in _KNOWN else v for name, v in values.items()}


def kept_aside(path: Path) -> str:
    """Move a file that cannot be read out of the way; what the artist should know of it."""
    aside = path.with_name(path.name + ".broken")
    try:
        os.replace(path, aside)
    except OSError:
        return "The settings file is damaged; the defaults are used."
    return f"The settings file was damaged; it was kept as {aside.name}, and the defaults are used."


def write(path: Path, text: str) -> None:
    """Write the file whole or not at all, readable by its owner alone. Raises OSError."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".settings-")  # mode 0600
    try:
        # Half of a surrogate pair (pasted text may hold one) is written as JSON's own escape.
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
