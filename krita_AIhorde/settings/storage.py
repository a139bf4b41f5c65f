"""The values of all settings: the last used, each document's own, and the file that keeps them.

Reading and writing the file blocks: ``load`` before the docker is shown, ``write`` from a worker thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from . import exchange, file, predecessor
from .registry import ALL, PREDECESSOR_TAKEN
from .setting import Setting, T

Listener = Callable[["Setting[Any]", Any], None]
MOST_DOCUMENTS = 200  # whose values are remembered


class Settings:
    """The values of all settings. Listeners are told of every change, with the setting and its new value.

    Values of settings flagged ``per_document`` are those of the document in use (`use_document`); a change is
    remembered for that document, and as the last value used anywhere.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._content = file.Content()
        self._document = ""
        self._listeners: list[Listener] = []
        self._leaving: list[Callable[[], None]] = []
        self._telling_all = self._turning = False
        self._changes = self._written = 0  # how many changes there were, and how many are in the file
        self._changing = threading.Lock()  # a worker thread reads all while the main thread changes one
        self._writing = threading.Lock()

    @classmethod
    def load(cls, path: Path) -> tuple[Settings, str]:
        """The settings in ``path`` and a remark for the artist ("" = all is well).

        A file that cannot be read as settings is kept aside (``settings.json.broken``) and defaults are used.
        """
        settings = cls(path)
        try:
            settings._content = file.parsed(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return settings, ""
        except OSError as error:
            return settings, f"The settings could not be read ({error.strerror})."
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return settings, file.kept_aside(path)
        return settings, ""

    def get(self, setting: Setting[T]) -> T:
        return cast(T, self._values_for(setting).get(setting.name, setting.default))

    def set(self, setting: Setting[T], value: T) -> None:
        checked = setting.checked(value)
        if self._telling_all or checked == self.get(setting):
            return
        self._put(setting, checked)
        self._tell(setting, checked)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` at every change, until the returned function is called.

        When many values change at once (another document, a reset, an import), all of them are in force
        before the first listener is told; what listeners set until the last one was told is dropped. For a
        control that is shown its new value may bring another one into line with it, which has not been shown
        its own yet.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def on_leaving(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` before another document's values come into force, until the returned function is
        called. What is half typed belongs to the document that is left: this is the moment to set it.
        """
        self._leaving.append(listener)
        return lambda: self._leaving.remove(listener)

    def __iter__(self) -> Iterator[tuple[Setting[Any], Any]]:
        return ((setting, self.get(setting)) for setting in ALL)

    def use_document(self, key: str) -> None:
        """Values flagged ``per_document`` are from now on those of the document ``key``, "" = of none.

        A document that has none yet starts from the last values used anywhere. Listeners are told of what
        differs from the document before. The `MOST_DOCUMENTS` used last are remembered.
        """
        if key == self._document:
            return
        for listener in list(self._leaving):
            listener()
        self._turning = True
        try:
            self._turn_to(key)
        finally:
            self._turning = False

    @property
    def turning(self) -> bool:
        """Whether what listeners are told just now are another document's values."""
        return self._turning

    def _turn_to(self, key: str) -> None:
        with self._all_at_once():
            self._document = key
            if not key:
                return
            documents, values = self._content.documents, self._content.values
            own = documents.pop(key, None)
            if own is None:
                own = {s.name: values[s.name] for s in ALL if s.per_document and s.name in values}
            documents[key] = own
            while len(documents) > MOST_DOCUMENTS:
                del documents[next(iter(documents))]

    def reset(self) -> None:
        """All defaults, but for what is ``kept``. Other documents than the one in use keep their values."""
        with self._all_at_once():
            for setting in ALL:
                if not setting.kept:
                    self._content.values.pop(setting.name, None)
                    self._values_for(setting).pop(setting.name, None)
            self._changes += 1

    def exported(self) -> str:
        """All values as a text to keep or to give away: JSON, without the API key."""
        return exchange.exported(self)

    def take_in(self, text: str) -> exchange.Imported:
        """Take over the values in an exported ``text``, and say which those were. Never raises."""
        values, imported = exchange.parsed(text)
        self._take(values)
        return imported

    def take_over(self, text: str) -> tuple[str, ...]:
        """The predecessor's settings (see `predecessor`), the first time only; the names of those taken.

        What was already chosen here stays.
        """
        if self.get(PREDECESSOR_TAKEN):
            return ()
        found = predecessor.values_of(text)
        new = {setting: value for setting, value in found.items() if setting.name not in self._content.values}
        self._take({**new, PREDECESSOR_TAKEN: True})
        return tuple(setting.name for setting in new)

    def _take(self, values: dict[Setting[Any], Any]) -> None:
        with self._all_at_once():
            for setting, value in values.items():
                self._keep(setting, setting.checked(value))
            self._changes += bool(values)

    def _values_for(self, setting: Setting[Any]) -> file.Values:
        own = setting.per_document and self._document
        return self._content.documents[self._document] if own else self._content.values

    def _put(self, setting: Setting[Any], value: Any) -> None:
        with self._changing:
            self._keep(setting, value)
            self._changes += 1

    def _keep(self, setting: Setting[Any], value: Any) -> None:
        self._content.values[setting.name] = value
        self._values_for(setting)[setting.name] = value

    @contextmanager
    def _all_at_once(self) -> Iterator[None]:
        before = dict(self)
        with self._changing:
            yield
        self._telling_all = True
        try:
            for setting, value in self:
                if value != before[setting]:
                    self._tell(setting, value)
        finally:
            self._telling_all = False

    def _tell(self, setting: Setting[Any], value: Any) -> None:
        for listener in list(self._listeners):
            listener(setting, value)

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
            with self._changing:
                changes, content = self._changes, self._content.copied()
            file.write(self._path, content.text())
            self._written = changes
