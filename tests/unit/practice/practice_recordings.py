"""Recordings of the real server: which are replayed, and how an answer is compared with one."""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from practice_kit import POOR, TRUSTED, USER, encoded

DATA = Path(__file__).parents[2] / "data"
FOLDER = DATA / "recorded"

# Recordings of the same session that are not served (and not kept here), and why.
NOT_SERVED = {
    "153_users_single, 155-158": "statistics, collections, terms: not needed by a painter's client",
    "154, 160-163 (styles)": "styles replace the artist's settings, and are not offered",
    "170-177 (interrogate)": "works on existing images, by other workers",
    "178_rate_not_shared": "rating is dead on the real server too",
    "180, 185 (moderation)": "needs an administrator's key; faults switch the same things on here",
}

_KEYS = {"<HORDE_USER_KEY>": USER, "<HORDE_POOR_KEY>": POOR, "<HORDE_TRUSTED_KEY>": TRUSTED}

# What differs from one run to the next: the type must agree, the value need not.
_LOOSE = frozenset(
    {
        *("id", "ids", "img", "seed", "worker_id", "worker_name", "name", "username", "image"),
        *("wait_time", "kudos", "accumulated", "megapixelsteps", "account_age"),
        *("performance", "queued", "jobs", "eta", "count", "queue", "worker_count", "thread_count"),
        *("queued_requests", "past_minute_megapixelsteps", "interrogator_count", "interrogator_thread_count"),
        *("date_published", "newspiece", "title", "importance"),
        *("requests_fulfilled", "kudos_rewards", "generated", "uptime", "threads", "uncompleted_jobs"),
        *("megapixelsteps_generated", "sdxl_controlnet", "models"),
    }
)
_NUMBERS = re.compile(r"over \d+x\d+|requires [\d.]+ kudos|for \d+ more seconds")
_CHOICES = re.compile(r"\[('[^\]]*')\]")


@functools.cache
def _text(name: str) -> str:
    return (FOLDER / f"{name}.json").read_text(encoding="utf-8")


def load(name: str) -> dict[str, Any]:
    recording: dict[str, Any] = json.loads(_text(name))
    return recording


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def headers_of(recording: dict[str, Any]) -> dict[str, str]:
    headers = recording["request"].get("headers") or {}
    return {name: _KEYS.get(value, value) for name, value in headers.items() if value is not None}


def body_of(recording: dict[str, Any]) -> Any:
    """The recorded body, with pictures drawn anew where the recording holds a token for one."""
    return _filled(recording["request"].get("body"))


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item) for item in value]
    if isinstance(value, str):
        value = re.sub(r"<words:(\d+)>", lambda found: "a " * int(found[1]), value)
        return re.sub(r"<picture:(\d+)x(\d+):(\w+)>", lambda found: _picture(*found.groups()), value)
    return value


@functools.cache
def _picture(width: str, height: str, mode: str) -> str:
    size = (int(width), int(height))
    middle = (size[0] // 4, size[1] // 4, size[0] * 3 // 4, size[1] * 3 // 4)
    if mode == "mask":
        image = Image.new("L", size)
        ImageDraw.Draw(image).ellipse(middle, fill=255)
        return encoded(image)
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    ImageDraw.Draw(image).rectangle(middle, fill=(180, 90, 40))
    if mode == "opaque":
        return encoded(image.convert("RGBA"))
    if mode == "RGBA":
        image = image.convert("RGBA")
        ImageDraw.Draw(image).ellipse(middle, fill=(0, 0, 0, 0))
    return encoded(image)


def raw_body(recording: dict[str, Any]) -> bytes | None:
    """The bytes of a recorded body that is no JSON, which are noted as Python writes them."""
    body = recording["request"].get("body")
    return body[2:-1].encode() if isinstance(body, str) and body.startswith("b'") else None


def differences(recorded: Any, answered: Any, path: str = "") -> list[str]:
    """How an answer differs from the recording, in field names, types and values that don't change from run
    to run."""
    key = path.rpartition(".")[2]
    if type(recorded) is not type(answered):
        return [f"{path}: recorded {recorded!r}, answered {answered!r}"]
    if isinstance(recorded, dict):
        found = [f"{path}.{name}: only recorded" for name in recorded if name not in answered]
        found += [f"{path}.{name}: only answered" for name in answered if name not in recorded]
        for name in recorded.keys() & answered.keys():
            found += differences(recorded[name], answered[name], f"{path}.{name}")
        return found
    if isinstance(recorded, list):
        if key in ("generations", "gen_metadata", "warnings") and len(recorded) != len(answered):
            return [f"{path}: recorded {len(recorded)} items, answered {len(answered)}"]
        recorded, answered = sorted(recorded, key=_order), sorted(answered, key=_order)
        pairs = zip(recorded, answered, strict=False)
        return [line for a, b in pairs for line in differences(a, b, path)]
    if key in _LOOSE or recorded == answered:
        return []
    return [f"{path}: recorded {recorded!r}, answered {answered!r}"]


def _order(item: Any) -> str:
    return str(item.get("code", item.get("ref", ""))) if isinstance(item, dict) else ""


def as_told(error: Any, request_id: str = "") -> Any:
    """An error as it can be compared: without amounts that vary; lists of choices sorted, for the server's
    order of them is random; an id that is only known here as ID."""
    if isinstance(error, dict):
        return {key: as_told(value, request_id) for key, value in error.items()}
    if isinstance(error, str):
        error = error.replace(request_id, "ID") if request_id else error
        error = _CHOICES.sub(lambda found: str(sorted(found[1].split(", "))), error)
        return _NUMBERS.sub(lambda found: re.sub(r"[\d.]+", "N", found[0]), error)
    return error
