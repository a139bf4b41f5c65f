"""What ``POST /practice/faults`` may change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import faults
from .faults import Fault

CHECK_CACHE = 1.0
USER_CACHE = 30.0
HEALTHS = ("OK", "DOWN", "OVERLOADED")


@dataclass
class Settings:
    """`pace`: seconds per image. `batch`: images that a worker takes at once. `strict`: refuse unknown
    fields. `limits`: rate limits are on. `check_cache`, `user_cache`: seconds that an answer of check and
    of find_user is cached (the real server's are the defaults). `concurrency`: images waiting per account,
    None as is usual. `heartbeat`: what is said of the server's health."""

    pace: float = 3.0
    batch: int = 1
    strict: bool = True
    limits: bool = True
    check_cache: float = CHECK_CACHE
    user_cache: float = USER_CACHE
    concurrency: int | None = None
    heartbeat: str = "OK"
    faults: list[Fault] = field(default_factory=list)

    def change(self, wanted: dict[str, Any]) -> None:
        """Raises ValueError, and changes nothing, where a name or a value is not possible."""
        checked = {name: _checked(name, value) for name, value in wanted.items()}
        for name, value in checked.items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "faults": [fault.as_json() for fault in self.faults]}


def _checked(name: str, value: Any) -> Any:
    if name == "faults":
        if not isinstance(value, list):
            raise ValueError("faults is a list")
        return [faults.parse(written) for written in value]
    if name in ("strict", "limits"):
        if not isinstance(value, bool):
            raise ValueError(f"{name} is true or false")
        return value
    if name in ("pace", "check_cache", "user_cache"):
        return _number(name, value, float)
    if name == "heartbeat":
        if value not in HEALTHS:
            raise ValueError(f"heartbeat is one of {', '.join(HEALTHS)}")
        return value
    if name == "batch":
        return max(1, _number(name, value, int))
    if name == "concurrency":
        return None if value is None else _number(name, value, int)
    raise ValueError(f"there is no setting {name!r}")


def _number(name: str, value: Any, kind: type[int] | type[float]) -> Any:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not (whole or isinstance(value, kind)) or not 0 <= value < 1e6:
        raise ValueError(f"{name} is a number")
    return kind(value)
