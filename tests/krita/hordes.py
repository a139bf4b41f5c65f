"""The practice horde of a test: how it behaves, and what it was asked for."""

from __future__ import annotations

import json
import urllib.request
from typing import Any


def set_practice(practice: str, **how: Any) -> None:
    """As `POST /practice/faults`: workers, pace and the like."""
    request = urllib.request.Request(practice.replace("/api/v2", "/practice/faults"))
    request.add_header("Content-Type", "application/json")
    urllib.request.urlopen(request, json.dumps(how).encode(), timeout=10).close()


def asked_for(practice: str) -> list[dict[str, Any]]:
    """The bodies of all requests for pictures, without those that only asked for the price."""
    with urllib.request.urlopen(practice.replace("/api/v2", "/practice/log?full=1"), timeout=20) as answer:
        log = json.load(answer)
    asked = [entry["body"] for entry in log if entry["method"] == "POST" and entry["path"].endswith("/async")]
    return [body for body in asked if not body["dry_run"]]
