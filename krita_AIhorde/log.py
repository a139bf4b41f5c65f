"""Our log: a rotating file for its owner's eyes, and Krita's Log Viewer. Never a key, never a picture."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

ROOT = "krita_AIhorde"
FILE = "aihorde.log"
LARGEST = 1_000_000  # bytes of a file; two older ones stay beside it
LEVELS = {"warning": logging.WARNING, "info": logging.INFO, "debug": logging.DEBUG}
FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


class _PrivateFileHandler(RotatingFileHandler):
    """Opens its file at the first line, and goes without one where that (or writing) fails."""

    _told = False

    def _open(self) -> Any:
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        if os.name == "posix":
            os.fchmod(descriptor, 0o600)  # one that was copied here may be anybody's to read
        return os.fdopen(descriptor, "a", encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:
        """Say it once: logging's own way is a traceback on stderr for every line."""
        if not self._told:
            self._told = True
            reason = getattr(sys.exc_info()[1], "strerror", None) or sys.exc_info()[1]
            logging.getLogger(ROOT).warning("The log file cannot be written: %s", reason)


class _ViewerHandler(logging.Handler):
    """Hands lines to Krita's Log Viewer, which shows what Qt logs."""

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self._write = write

    def emit(self, record: logging.LogRecord) -> None:
        # PyQt5's qInfo raises for anything but ASCII, and a server's words or a folder's name are anything.
        self._write(self.format(record).encode("ascii", "backslashreplace").decode("ascii"))


def start(folder: Path, viewer: Callable[[str], None] | None = None) -> Callable[[], None]:
    """Log to ``folder`` (if it can be written) and to ``viewer``, for now what is of level info and above.

    The returned function stops both.
    """
    logger = logging.getLogger(ROOT)
    set_level("info")
    logger.propagate = False  # the root logger belongs to the host and its other plugins
    handlers: list[logging.Handler] = [] if viewer is None else [_ViewerHandler(viewer)]
    handlers.append(_PrivateFileHandler(folder / FILE, maxBytes=LARGEST, backupCount=2, delay=True))
    for handler in handlers:
        handler.setFormatter(logging.Formatter(FORMAT))
        logger.addHandler(handler)

    def stop() -> None:
        for handler in handlers:
            logger.removeHandler(handler)
            handler.close()

    return stop


def set_level(name: str) -> None:
    """Log what is of level ``name`` (a key of LEVELS; info, if it is none) and above.

    Krita's Log Viewer, which shows what all of Krita says, gets nothing below info even so.
    """
    logging.getLogger(ROOT).setLevel(LEVELS.get(name, logging.INFO))
