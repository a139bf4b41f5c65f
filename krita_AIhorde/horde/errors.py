"""Every way in which the Horde can fail us, and the one table that tells them apart.

An error carries the server's own words (``message``); words for artists are the ``ui`` room's. No error's
text holds an API key: some of the Horde's answers quote the key that was sent, so it is taken out before an
error is made.
"""

from __future__ import annotations

import email.utils
import math
import re
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

LONGEST_RETRY_AFTER = 3600.0  # seconds; a longer wish is a clock gone wrong, not a rate limit
LONGEST_MESSAGE = 1000


class HordeError(Exception):
    """Base of all. ``transient``: the same call can succeed later, and nothing is lost by repeating it.

    ``ambiguous`` takes that back for one occurrence: a POST was sent, and the Horde may have accepted it.
    """

    transient: ClassVar[bool] = False

    def __init__(
        self,
        message: str = "",
        *,
        rc: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        ambiguous: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message  # the server's own words, or the network's; "" where nothing was said
        self.rc = rc  # the server's code, "" where there is none
        self.status = status  # the HTTP status, None where no answer came
        self.retry_after = retry_after  # seconds
        self.ambiguous = ambiguous

    @property
    def repeatable(self) -> bool:
        return self.transient and not self.ambiguous

    def __str__(self) -> str:
        if self.message:
            return self.message
        return f"HTTP {self.status}" if self.status else type(self).__name__


class EndpointError(HordeError, ValueError):
    """The base URL cannot be used."""


class InsecureEndpoint(EndpointError):
    """Plain http to a host that is not this machine: a key would be readable on the way."""


class Unreachable(HordeError):
    """DNS, refused, no route, no network: certainly nothing was sent."""

    transient = True


class TlsFailure(HordeError):
    """The host's certificate does not verify. Nothing was sent."""


class NoAnswer(HordeError):
    """Sent, but no whole answer came (reset, timeout, a gateway gave up). After a POST: ``ambiguous``."""

    transient = True


class ServerTrouble(HordeError):
    """5xx, a redirect, or HTML in place of JSON (a proxy's page, a hotel's login)."""

    transient = True


class BadAnswer(HordeError):
    """JSON, but not what was asked for. After a POST: ``ambiguous``."""

    transient = True


class RateLimited(HordeError):
    """429 of the rate limiter; it clears by itself after ``retry_after``."""

    transient = True


class TooManyPrompts(HordeError):
    """429 of the concurrency limit: too many images of ours wait already. It clears when they are done."""


class RequestNotFound(HordeError):
    """This request id is unknown: it expired (20 minutes without a worker's sign of life), or never was."""


class InvalidKey(HordeError):
    """No user has this API key."""


class KudosUpfront(HordeError):
    """So large a request that its kudos must be there beforehand. ``needed``: kudos, None if not said."""

    needed: float | None = None


class TimedOutIP(HordeError):
    """This network address is barred for ``seconds`` (also in ``retry_after``), after a refused prompt."""

    seconds: float = 180.0  # the Horde's shortest, where the message names none


class Maintenance(HordeError):
    """The Horde accepts no requests at present."""


class PromptRefused(HordeError):
    """The prompt offends the Horde's rules (CorruptPrompt). Sending it again bars the address for minutes."""


class Refused(HordeError):
    """Any other 4xx. ``fields``: what the schema refused, by path (``{"params.width": "500 is ..."}``)."""

    fields: Mapping[str, str] = MappingProxyType({})


class LinkRefused(HordeError):
    """An address elsewhere to which we do not go: none at all, plain http, or redirected without an end."""


class AnswerTooLong(HordeError):
    """More bytes from elsewhere than we were ready to read."""


class ImageError(HordeError):
    """A generation's image cannot be had."""


class LinkDead(ImageError):
    """Gone, expired, or never uploaded. Links are signed anew by every ``status``: ask once more."""


class ImageTooLarge(ImageError):
    """More bytes than a picture of the Horde can have."""


class NotAnImage(ImageError):
    """Bytes, but of no image (a worker uploaded garbage)."""


class ImageUnreachable(ImageError):
    """The image's host does not answer, or not now."""

    transient = True


_BY_RC: Mapping[str, type[HordeError]] = {
    "RequestNotFound": RequestNotFound,
    "InvalidAPIKey": InvalidKey,
    "UserNotFound": InvalidKey,  # find_user's name for it
    "KudosUpfront": KudosUpfront,
    "TimeoutIP": TimedOutIP,
    "MaintenanceMode": Maintenance,  # sent with 400, not 503
    "CorruptPrompt": PromptRefused,
}
_BY_STATUS: Mapping[int, type[HordeError]] = {
    408: ServerTrouble,
    413: Refused,  # a proxy's page, but sending the same body again will not make it smaller
    # The Horde's front gave up waiting for the Horde, which may well have got the request.
    504: NoAnswer,
    520: NoAnswer,
    524: NoAnswer,
}


def classify(status: int, headers: Mapping[str, str], body: Any, secret: str = "") -> HordeError:
    """The error that an answer means. ``body``: parsed JSON, or None for anything else (HTML, an empty body).

    ``headers`` must be case-insensitive. ``secret`` is taken out of the server's words.
    """
    answer = body if isinstance(body, Mapping) else {}
    rc, fields = _text(answer.get("rc")), _fields(answer.get("errors"), secret)
    kind = _kind(status, rc, fields, is_json=body is not None)
    error = kind(_words(answer.get("message"), secret), rc=rc, status=status)
    # The limiter puts Retry-After on every answer, a 200 too: it means something with these only.
    if kind is RateLimited or status == 503:
        error.retry_after = retry_after(headers.get("Retry-After"))
    _add_details(error, fields)
    return error


def _kind(status: int, rc: str, fields: Mapping[str, str], *, is_json: bool) -> type[HordeError]:
    if status == 429:
        return TooManyPrompts if rc else RateLimited
    if rc in _BY_RC:
        return _BY_RC[rc]
    if "apikey" in fields or (status == 401 and is_json):
        return InvalidKey
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return Refused if is_json and 400 <= status < 500 else ServerTrouble


def _add_details(error: HordeError, fields: Mapping[str, str]) -> None:
    if isinstance(error, Refused):
        error.fields = fields
    elif isinstance(error, TimedOutIP):
        error.seconds = _number(r"for (\d+) more second", error.message) or error.seconds
        error.retry_after = error.seconds
    elif isinstance(error, KudosUpfront):
        error.needed = _number(r"requires ([\d.]*\d) kudos", error.message)


def retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header: a number, or a date. None if there is none that makes sense."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    if math.isnan(seconds):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _fields(errors: Any, secret: str) -> Mapping[str, str]:
    if not isinstance(errors, Mapping):
        return {}
    return {str(path): _words(str(why), secret) for path, why in errors.items()}


def _words(message: Any, secret: str) -> str:
    words = _text(message)
    if secret:
        words = words.replace(secret, "…")
    # The Horde's web framework appends guesses of its own to a 404.
    return words.split(" You have requested this URI [", 1)[0][:LONGEST_MESSAGE]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(pattern: str, text: str) -> float | None:
    found = re.search(pattern, text)
    try:
        return float(found.group(1)) if found else None
    except ValueError:
        return None
