"""What the practice horde was asked: every request on both ports, in order, to be read at
``/practice/log``."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

MOST_ENTRIES = 5000
_PICTURES = frozenset({"source_image", "source_mask", "image"})


@dataclass
class Entry:
    """One request. `status` is what it was answered with; None while it has no answer (or never got one).
    `body` is what the JSON says, or text where it is none. `cut`: the connection was closed without a
    whole answer. `asked`, `answered`: bytes of the request and of its answer, heads included."""

    time: float
    port: str
    method: str
    path: str
    headers: dict[str, str]
    body: Any
    is_json: bool = False
    status: int | None = None
    cut: bool = False
    asked: int = 0
    answered: int = 0

    def as_json(self, full: bool) -> dict[str, Any]:
        body = self.body if full else shortened(self.body)
        return {
            "time": self.time,
            "port": self.port,
            "method": self.method,
            "path": self.path,
            "headers": self.headers,
            "body": body,
            "status": self.status,
            "asked": self.asked,
            "answered": self.answered,
        }


ENTRY = web.RequestKey("entry", Entry)  # where handlers find the entry of their request


class RequestLog:
    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)

    def note(self, request: web.BaseRequest, port: str, body: bytes, now: float) -> Entry:
        """`path` is what stood in the request line, percent-encoding untouched."""
        parsed, is_json = _parsed(body)
        headers = dict(request.headers)
        entry = Entry(now, port, request.method, request.raw_path, headers, parsed, is_json)
        entry.asked = len(request.method) + len(request.raw_path) + _head(request.headers) + len(body)
        self._entries.append(entry)
        return entry

    @staticmethod
    def note_answer(entry: Entry, response: web.StreamResponse) -> None:
        entry.status = response.status
        body = response.body if isinstance(response, web.Response) else None
        length = len(body) if isinstance(body, bytes) else (response.content_length or 0)
        entry.answered = _head(response.headers) + length

    def as_json(self, full: bool = False) -> list[dict[str, Any]]:
        return [entry.as_json(full) for entry in self._entries]

    def clear(self) -> None:
        self._entries.clear()


def shortened(value: Any, key: str = "") -> Any:
    """The same, with base64 pictures as ``{"length": characters, "sha256": of the text as it was sent}``."""
    if isinstance(value, dict):
        return {k: shortened(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [shortened(item, key) for item in value]
    if isinstance(value, str) and key in _PICTURES:
        return {"length": len(value), "sha256": hashlib.sha256(value.encode()).hexdigest()}
    return value


def _head(headers: Mapping[str, str]) -> int:
    """Bytes of a head with these: each has a colon, a space and an end of line, and so has the whole."""
    return sum(len(name) + len(value) + 4 for name, value in headers.items()) + 15


def _parsed(body: bytes) -> tuple[Any, bool]:
    if not body:
        return None, False
    try:
        return json.loads(body, parse_constant=_not_json), True
    except ValueError:
        return body.decode(errors="replace"), False


def _not_json(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")
