"""The practice horde of a test: how it behaves, and what it was asked for."""

from __future__ import annotations

import json
import urllib.request
from typing import Any


def ask(practice: str, path: str, body: object = None) -> Any:
    """What it answers to ``path``, from the host's root on; a POST where there is a ``body``."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(practice.replace("/api/v2", path), data=data)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def set_practice(practice: str, **how: Any) -> None:
    """As `POST /practice/faults`: workers, pace and the like."""
    ask(practice, "/practice/faults", how)


def log_of(practice: str, *, full: bool = False) -> list[dict[str, Any]]:
    """All requests that it got; with their pictures, if ``full``."""
    log: list[dict[str, Any]] = ask(practice, "/practice/log?full=1" if full else "/practice/log")
    return log


def submits(practice: str) -> list[dict[str, Any]]:
    """The requests for pictures, with what was uploaded, without those that only asked for the price."""
    log = log_of(practice, full=True)
    asked = [entry for entry in log if entry["method"] == "POST" and entry["path"].endswith("/async")]
    return [entry for entry in asked if not entry["body"]["dry_run"]]


def asked_for(practice: str) -> list[dict[str, Any]]:
    """The bodies of `submits`."""
    return [entry["body"] for entry in submits(practice)]
