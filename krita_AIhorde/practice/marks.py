"""Marks in a prompt, which make things go wrong (or slowly) for one job alone.

``[practice delay=8 queue=3 fault=html_502@check*2,nsfw]``: 8 seconds of generating per image, 3 seconds in
the queue, two faults. ``*times`` counts over all that is asked about the job; a submission that was struck
and is sent again, unchanged, finds the count where it left it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from .faults import Fault, parse

_MARK = re.compile(r"\[practice\b([^\]]*)\]")
_MOST_PENDING = 1000


@dataclass
class Marks:
    """`delay`: seconds of generating per image. `queue`: seconds in the queue."""

    delay: float | None = None
    queue: float = 0.0
    faults: list[Fault] = field(default_factory=list)

    def job_faults(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.of_job]

    def api_faults(self) -> list[Fault]:
        return [fault for fault in self.faults if not fault.of_job]


def marks_of(prompt: str) -> Marks:
    """Raises ValueError for a mark that can't be understood (a typo would otherwise pass as a good job)."""
    marks = Marks()
    for mark in _MARK.finditer(prompt):
        for pair in mark[1].split():
            name, _, value = pair.partition("=")
            if name == "delay":
                marks.delay = _seconds(value)
            elif name == "queue":
                marks.queue = _seconds(value)
            elif name == "fault":
                marks.faults += [parse(written) for written in value.split(",")]
            else:
                raise ValueError(f"a practice mark knows delay, queue and fault, not {name!r}")
    return marks


def without_marks(prompt: str) -> str:
    return _MARK.sub("", prompt).strip() if _MARK.search(prompt) else prompt


class Pending:
    """The marks of submissions that may be sent again, so that their counts outlive an attempt."""

    def __init__(self) -> None:
        self._marks: OrderedDict[str, Marks] = OrderedDict()

    def of(self, body: Any) -> Marks:
        """`body` is the same for every attempt at the same submission. Raises ValueError."""
        prompt = body.get("prompt") if isinstance(body, dict) else None
        if not isinstance(prompt, str) or not _MARK.search(prompt):
            return Marks()
        submission = _fingerprint(body)
        if submission not in self._marks:
            self._marks[submission] = marks_of(prompt)
            while len(self._marks) > _MOST_PENDING:
                self._marks.popitem(last=False)
        return self._marks[submission]

    def answered(self, body: Any) -> None:
        """Its client knows that it was accepted: another one just like it begins anew."""
        if self._marks:
            self._marks.pop(_fingerprint(body), None)


def _fingerprint(body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e6:
        raise ValueError(f"{text} seconds are not possible")
    return value
