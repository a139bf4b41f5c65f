"""Everything that can go wrong in the practice horde, by name.

The two tables below say what each fault does; ``python -m krita_AIhorde.practice --help`` and ``GET
/practice/faults`` print them. *Faults of a job* travel with a request from its submission on. *Faults of
the API* strike single requests on their way.

A fault is written ``name[@endpoint][~seconds][*times]``, as in ``html_502``, ``reset@check`` and
``slow@check~3*2``, or as an object ``{"name": ..., "endpoint": ..., "times": ..., "seconds": ...}``.
Without an endpoint it strikes at any of them (one that only makes sense for a submission: there), without
``*times`` until it is switched off. Endpoints are submit, check, status, cancel, models, find_user,
heartbeat, modes, news, performance, workers, transfer and image.

Switched on for all with ``POST /practice/faults {"faults": [...]}``, or for one job alone by a mark in its
prompt: ``[practice delay=8 queue=3 fault=html_502@check*2,nsfw]``, see below and `marks`.

``POST /practice/offline {"seconds": s}``: the whole Horde is gone for so long; every port refuses
connections. ``GET /practice/ledger`` tells afterwards what became of every request and image.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

ENDPOINTS = (
    "submit", "check", "status", "cancel", "models", "find_user",
    "heartbeat", "modes", "news", "performance", "workers", "transfer", "image",
)  # fmt: skip

JOB_FAULTS = {
    "worker_fails": "the first attempt fails (times=k: the first k), the next ones succeed: restarted 1",
    "worker_fails_twice": "the first two attempts fail; with n=1: done: true without any image, for ever",
    "worker_vanishes": "whoever takes it never submits (times=k: the first k); restarted after 150 s "
    "of the clock, faulted after three",
    "done_while_processing": "done: true is reported while a worker still draws",
    "faulted_partial": "after its first image the request is faulted: done, not possible, yet one image",
    "impossible": "no worker can: a warning at submission, is_possible: false",
    "impossible_at_first": "the same for `seconds` (default 3) after the submission; then a worker takes it",
    "never": "possible, but no worker ever takes it",
    "noisy_wait": "its wait_time is nearly twice or half the truth, another time each time, or 0",
    "wrong_wait": "its wait_time is up to 7 times too long or too short, always by the same factor",
    "zero_wait": "its wait_time is always 0",
    "nsfw": "a black picture, censored: true, metadata censorship/nsfw",
    "csam": "a black picture, censored: true, metadata censorship/csam",
    "nsfw_marked": "a good picture, censored: false, metadata information/nsfw",
    "source_lost": "the worker ignores the source image, metadata source_image/download_failed",
    "lora_lost": "a good picture, metadata lora/download_failed",
    "corrupt_image": "what is downloaded is no image, but text",
    "garbage_image": "what is downloaded are random bytes",
    "truncated_image": "the download is complete, but the worker uploaded only the first half of the picture",
    "gif_image": "the download is a small GIF: an image, but of a kind that the Horde does not make",
    "html_image": "the download is a page of HTML, with status 200",
    "empty_image": "the download is 0 bytes long",
    "huge_image": "a few kB of PNG that claim 16384 x 16384 pixels",
    "no_upload": "the worker never uploaded: 404 for every link (with r2: false the text N/A)",
    "late_upload": "the first two downloads are answered 404, then the image is there",
    "half_image": "the connection is cut in the middle of the image (times=k: at the first k downloads)",
    "expired_link": "the first link to each image has expired, a link from a later status is good",
    "lost_link": "every link is refused with 403, however fresh",
    "redirected_link": "every link answers 302, to the image on the same host",
    "untrusted_link": "links lead to an https port whose certificate nobody vouches for",
}

# In place of the answer; the request is not served and has no effect.
_REFUSALS = {
    "html_502": "502 with a page of HTML, as from a broken gateway",
    "html_520": "520 with a page of HTML, as from a proxy that did not understand the server",
    "html_524": "524 with a page of HTML, as from a proxy that lost patience",
    "html_200": "200 with a page of HTML, as from a hotel's network that wants a login first",
    "reset": "the connection is closed without an answer",
    "hang": "no answer, the connection stays open (for `seconds`, if given; then it is closed)",
    "server_error": "500 with a JSON message",
    "too_many_prompts": "429 with rc TooManyPrompts",
    "too_many_prompts_wait": "the same with Retry-After: 1",
    "rate_limited": "429 without rc, Retry-After: 1",
    "rate_limited_bare": "429 without rc and without Retry-After",
    "kudos_upfront": "403 with rc KudosUpfront",
    "maintenance": "400 with rc MaintenanceMode",
    "timeout_ip": "403 with rc TimeoutIP; its text claims `seconds` (default 180)",
    "invalid_key": "401 with rc InvalidAPIKey",
}
# The request is served: it has its effect, whatever becomes of the answer.
_SPOILED = {
    "slow": "the answer comes after `seconds` (default 2)",
    "drip": "the answer comes a few bytes at a time, spread over `seconds` (default 2)",
    "reset_after_submit": "the request takes effect, but its answer never arrives",
    "reset_in_headers": "the request takes effect; the connection is cut in the answer's first line",
    "reset_in_body": "the request takes effect; the connection is cut halfway through the answer",
    "garbage": "the request takes effect; the answer is 200 with bytes that are no JSON",
    "wrong_shape": "the request takes effect; the answer is 200 with JSON of another shape, [1, 2, 3]",
    "empty": "the request takes effect; the answer is 200 without a body",
}
API_FAULTS = {**_REFUSALS, **_SPOILED}

_SUBMIT_ONLY = {
    "reset_after_submit",
    "too_many_prompts",
    "too_many_prompts_wait",
    "rate_limited",
    "rate_limited_bare",
    "kudos_upfront",
    "maintenance",
    "timeout_ip",
    "invalid_key",
}
_SECONDS = {"slow": 2.0, "drip": 2.0, "timeout_ip": 180.0, "impossible_at_first": 3.0}
_PASSING = {"slow", "drip"}
# What a worker with these uploads can't be had as an image, whoever asks and however often.
_NO_IMAGE = {
    "corrupt_image", "garbage_image", "truncated_image", "html_image",
    "empty_image", "huge_image", "no_upload",
}  # fmt: skip
_NO_DOWNLOAD = {"gif_image", "lost_link", "untrusted_link"}
_WRITTEN = re.compile(
    r"(?P<name>\w+)(@(?P<endpoint>\w+))?(~(?P<seconds>\d+(\.\d+)?))?(\*(?P<times>\d+))?", re.ASCII
)


@dataclass
class Fault:
    """A fault at work. `endpoint` None is any; `times` None is until switched off, else it counts down;
    `seconds` None is the fault's own default."""

    name: str
    endpoint: str | None = None
    times: int | None = None
    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.name not in JOB_FAULTS and self.name not in API_FAULTS:
            raise ValueError(f"no fault is named {self.name!r}")
        if self.endpoint is None and self.name in _SUBMIT_ONLY:
            self.endpoint = "submit"
        if self.endpoint is not None and self.endpoint not in ENDPOINTS:
            raise ValueError(f"no endpoint is named {self.endpoint!r}")
        if self.times is not None and (not isinstance(self.times, int) or self.times < 0):
            raise ValueError("times is a number of requests")
        if self.seconds is None:
            self.seconds = _SECONDS.get(self.name)
        elif not isinstance(self.seconds, (int, float)) or not 0 <= self.seconds < 1e6:
            raise ValueError("seconds is a number of seconds")

    @property
    def of_job(self) -> bool:
        return self.name in JOB_FAULTS

    @property
    def passing(self) -> bool:
        """It only takes time."""
        return self.name in _PASSING

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
    times, seconds = match["times"], match["seconds"]
    return Fault(
        match["name"],
        match["endpoint"],
        None if times is None else int(times),
        None if seconds is None else float(seconds),
    )


def first_striking(faults: Iterable[Fault], endpoint: str) -> Fault | None:
    return next((fault for fault in faults if not fault.of_job and fault.strikes(endpoint)), None)


def obtainable(own: dict[str, int | None], api: Iterable[Fault], *, linked: bool) -> bool:
    """Whether a patient client can have the images of a job with these faults (`own` by name with their
    times). `linked`: images are downloaded, rather than handed out in the status (``r2: false``)."""
    names = own.keys()
    if names & _NO_IMAGE or (linked and (names & _NO_DOWNLOAD or own.get("half_image", 0) is None)):
        return False
    needed = ("status", "image") if linked else ("status",)
    endless = (fault for fault in api if fault.times is None and not fault.passing)
    return not any(fault.endpoint is None or fault.endpoint in needed for fault in endless)


def described() -> str:
    """Both tables, for people."""
    lines = []
    for title, table in (("of a job", JOB_FAULTS), ("of the API", API_FAULTS)):
        lines += [f"faults {title}:", *(f"  {name:<22} {what}" for name, what in table.items()), ""]
    return "\n".join(lines)
