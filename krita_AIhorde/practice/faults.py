"""What can go wrong, by name; and the marks in a prompt that make it go wrong for one job alone.

A fault is written ``name``, ``name@endpoint``, ``name*times`` or ``name@endpoint*times``, or as an object
``{"name": ..., "endpoint": ..., "times": ..., "seconds": ...}``. In a prompt: ``[practice delay=8 queue=3
fault=html_502@check*2,nsfw]``. Endpoints are submit, check, status, cancel, models, find_user, heartbeat,
modes, news, performance and image.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

ENDPOINTS = (
    "submit", "check", "status", "cancel", "models", "find_user",
    "heartbeat", "modes", "news", "performance", "image",
)  # fmt: skip

# Faults of a job: they travel with the request from its submission on.
JOB_FAULTS = {
    "worker_fails": "the first attempt fails (times=k: the first k), the next ones succeed: restarted 1",
    "worker_fails_twice": "the first two attempts fail; with n=1: done: true without any image, for ever",
    "worker_vanishes": "whoever takes it never submits (times=k: the first k); restarted after 150 s "
    "of the clock, "
    "faulted after three",
    "done_while_processing": "done: true is reported while a worker still draws",
    "faulted_partial": "after its first image the request is faulted: done, not possible, yet one image",
    "impossible": "no worker can: a warning at submission, is_possible: false",
    "never": "possible, but no worker ever takes it",
    "nsfw": "a black picture, censored: true, metadata censorship/nsfw",
    "csam": "a black picture, censored: true, metadata censorship/csam",
    "nsfw_marked": "a good picture, censored: false, metadata information/nsfw",
    "source_lost": "the worker ignores the source image, metadata source_image/download_failed",
    "lora_lost": "a good picture, metadata lora/download_failed",
    "corrupt_image": "what is downloaded is no image",
    "no_upload": "the worker never uploaded: 404 for every link (with r2: false the text N/A)",
    "late_upload": "the first two downloads are answered 404, then the image is there",
    "half_image": "the connection is cut in the middle of the image (times=k: at the first k downloads)",
    "empty_image": "the download is 0 bytes long",
    "huge_image": "a few kB of PNG that claim 16384 x 16384 pixels",
    "expired_link": "the first link to each image has expired, a link from a later status is good",
    "lost_link": "every link is refused with 403, however fresh",
}

# Faults of the API itself: the request that meets one is not served.
API_FAULTS = {
    "html_502": "502 with a page of HTML",
    "html_524": "524 with a page of HTML, as from a proxy that lost patience",
    "reset": "the connection is closed without an answer, the request has no effect",
    "reset_after_submit": "the request takes effect, but its answer never arrives",
    "hang": "no answer, the connection stays open",
    "slow": "the answer comes after `seconds` (default 2)",
    "too_many_prompts": "429 with rc TooManyPrompts",
    "rate_limited": "429 without rc, Retry-After: 1",
    "maintenance": "400 with rc MaintenanceMode",
    "timeout_ip": "403 with rc TimeoutIP",
    "invalid_key": "401 with rc InvalidAPIKey",
    "server_error": "500 with a JSON message",
}

_SUBMIT_ONLY = {
    "reset_after_submit",
    "too_many_prompts",
    "rate_limited",
    "maintenance",
    "timeout_ip",
    "invalid_key",
}
_MARK = re.compile(r"\[practice\b([^\]]*)\]")
_WRITTEN = re.compile(r"(?P<name>\w+)(@(?P<endpoint>\w+))?(\*(?P<times>\d+))?")


@dataclass
class Fault:
    """A fault at work. `endpoint` None is any; `times` None is until switched off, else it counts down."""

    name: str
    endpoint: str | None = None
    times: int | None = None
    seconds: float = 2.0

    def __post_init__(self) -> None:
        if self.name not in JOB_FAULTS and self.name not in API_FAULTS:
            raise ValueError(f"no fault is named {self.name!r}")
        if self.endpoint is None and self.name in _SUBMIT_ONLY:
            self.endpoint = "submit"
        if self.endpoint is not None and self.endpoint not in ENDPOINTS:
            raise ValueError(f"no endpoint is named {self.endpoint!r}")
        if self.times is not None and (not isinstance(self.times, int) or self.times < 0):
            raise ValueError("times is a number of requests")
        if not isinstance(self.seconds, (int, float)) or not 0 <= self.seconds < 1e6:
            raise ValueError("seconds is a number of seconds")

    @property
    def of_job(self) -> bool:
        return self.name in JOB_FAULTS

    def strikes(self, endpoint: str) -> bool:
        """Whether it acts on this request; counts down if so."""
        if self.times == 0 or self.endpoint not in (None, endpoint):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "endpoint": self.endpoint, "times": self.times, "seconds": self.seconds}


def parse(written: Any) -> Fault:
    """Raises ValueError for what is no fault."""
    if isinstance(written, dict):
        try:
            return Fault(**written)
        except TypeError as error:
            raise ValueError(f"a fault is name, endpoint, times, seconds: {error}") from None
    match = _WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise ValueError(f"{written!r} is no fault")
    times = match["times"]
    return Fault(match["name"], match["endpoint"], None if times is None else int(times))


@dataclass
class Marks:
    """What a prompt asks of the practice horde: seconds of generating per image, seconds in the queue,
    faults."""

    delay: float | None = None
    queue: float = 0.0
    faults: list[Fault] = field(default_factory=list)

    def job_faults(self) -> dict[str, int | None]:
        """Names of the job's own faults, with their `times`."""
        return {fault.name: fault.times for fault in self.faults if fault.of_job}

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


def first_striking(faults: Iterable[Fault], endpoint: str) -> Fault | None:
    return next((fault for fault in faults if not fault.of_job and fault.strikes(endpoint)), None)


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e6:
        raise ValueError(f"{text} seconds are not possible")
    return value
