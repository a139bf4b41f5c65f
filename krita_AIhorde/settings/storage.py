"""The values of all settings, and the file that keeps them.

Reading and writing the file blocks: ``load`` before the docker is shown, ``write`` from a worker thread.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

from .registry import ALL
from .setting import Setting, T

VERSION = 1
Listener = Callable[["Setting[Any]", Any], None]


class Settings:
    """The values of all settings. Listeners are told of every change, with the setting and its new value."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._values: dict[str, Any] = {}
        self._strangers: dict[str, Any] = {}  # of a newer version: kept as they are
        self._listeners: list[Listener] = []
        self._changes = self._written = 0  # how many changes there were, and how many are in the file
        self._writing = threading.Lock()

    @classmethod
    def load(cls, path: Path) -> tuple[Settings, str]:
        """The settings in ``path`` and a remark for the artist ("" = all is well).

        A file that cannot be read as settings is kept aside (``settings.json.broken``) and defaults are used.
        """
        settings = cls(path)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            values = dict(data["values"])
        except FileNotFoundError:
            return settings, ""
        except OSError as error:
            return settings, f"The settings could not be read ({error.strerror})."
        except (ValueError, KeyError, TypeError, RecursionError):
            return settings, cls._keep_aside(path)
        known = {setting.name: setting for setting in ALL}
        settings._values = {name: known[name].checked(v) for name, v in values.items() if name in known}
        settings._strangers = {name: v for name, v in values.items() if name not in known}
        return settings, ""

    @staticmethod
    def _keep_aside(path: Path) -> str:
        aside = path.with_name(path.name + ".broken")
        try:
            os.replace(path, aside)
        except OSError:
            return "The settings file is damaged; the defaults are used."
        return f"The settings file was damaged; it was kept as {aside.name}, and the defaults are used."

    def get(self, setting: Setting[T]) -> T:
        return cast(T, self._values.get(setting.name, setting.default))

    def set(self, setting: Setting[T], value: T) -> None:
        checked = setting.checked(value)
        if checked == self.get(setting):
            return
        self._values[setting.name] = checked
        self._changes += 1
        for listener in list(self._listeners):
            listener(setting, checked)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` at every change, until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def __iter__(self) -> Iterator[tuple[Setting[Any], Any]]:
        return ((setting, self.get(setting)) for setting in ALL)

    @property
    def dirty(self) -> bool:
        """Whether there is something that no file has yet."""
        return self._path is not None and self._changes != self._written

    def write(self) -> None:
        """Write the file whole or not at all, readable by its owner alone. Raises OSError.

        One thread at a time: whoever comes second writes what is newer, or waits until it is written.
        """
        if self._path is None:
            return
        with self._writing:
            changes = self._changes
            values = {**self._strangers, **self._values}
            self._replace(json.dumps({"version": VERSION, "values": values}, indent=1, ensure_ascii=False))
            self._written = changes

    def _replace(self, text: str) -> None:
        assert self._path is not None
        handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=".settings-")  # mode 0600
        try:
            # Half of a surrogate pair (pasted text may hold one) is written as JSON's own escape.
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
