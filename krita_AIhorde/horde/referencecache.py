"""The reference of models on disk: one file, written whole or not at all, readable by its owner alone."""

from __future__ import annotations

import json
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from krita_AIhorde.horde.errors import BadAnswer
from krita_AIhorde.horde.modelinfo import ModelInfo, parse_reference
from krita_AIhorde.horde.structuring import structure

FILE = "model_reference.json"
MAX_BYTES = 5 * 2**20
_log = logging.getLogger(__name__)


@frozen
class Cached:
    """``etag`` names the version, "" if its host did not; ``checked_at``: when it was last known to be the
    newest (seconds since the epoch, None if that is not known).
    """

    models: Mapping[str, ModelInfo] = field(repr=False)
    etag: str
    checked_at: float | None


@frozen
class _Envelope:
    url: str
    etag: str = ""
    checked_at: float | None = None


class ReferenceCache:
    """In ``folder``, of what is at ``url``. Every method blocks; none raises for what is on the disk."""

    def __init__(self, folder: Path, url: str) -> None:
        self._path = folder / FILE
        self._url = url

    def read(self) -> Cached | None:
        """None if there is none, if it is broken, or if it comes from another address."""
        content = self._content()
        if content is None:
            return None
        try:
            envelope = structure(_Envelope, content)
            models = parse_reference(content.get("reference"))
        except BadAnswer as error:
            _log.warning("the kept reference of models is of no use: %s", error)
            return None
        return Cached(models, envelope.etag, envelope.checked_at) if envelope.url == self._url else None

    def write(self, text: str, etag: str, now: float) -> None:
        """Keep ``text`` (a reference, as JSON), which was the newest at ``now``."""
        self._replace({"reference": json.loads(text), "etag": etag, "checked_at": now, "url": self._url})

    def confirm(self, now: float) -> None:
        """What is kept is still the newest at ``now``."""
        content = self._content()
        if content is not None:
            self._replace({**content, "checked_at": now})

    def _content(self) -> dict[str, Any] | None:
        try:
            with self._path.open("rb") as file:
                data = file.read(2 * MAX_BYTES + 1)
            content = json.loads(data) if len(data) <= 2 * MAX_BYTES else None
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            _log.warning("the kept reference of models cannot be read: %s", type(error).__name__)
            return None
        return content if isinstance(content, dict) else None

    def _replace(self, content: dict[str, Any]) -> None:
        folder = self._path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=folder, prefix=".reference-")  # mode 0600
        except OSError as error:
            _log.warning("the reference of models is not kept: %s", error.strerror)
            return
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump(content, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, self._path)
        except OSError as error:
            _log.warning("the reference of models is not kept: %s", error.strerror)
            Path(name).unlink(missing_ok=True)
