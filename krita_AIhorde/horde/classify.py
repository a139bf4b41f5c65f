"""Which error an answer of the Horde is: the one table that tells them apart."""

from __future__ import annotations

import email.utils
import math
import re
import time
from collections.abc import Mapping
from typing import Any

from krita_AIhorde.horde.errors import (
    AnonymousTransfer,
    BadAmount,
    HordeError,
    InvalidKey,
    KudosUpfront,
    Maintenance,
    NoAnswer,
    NotEnoughKudos,
    PromptRefused,
    RateLimited,
    Refused,
    RequestNotFound,
    ServerTrouble,
    TimedOutIP,
    TooManyPrompts,
    TransferRefused,
    TransferTooSoon,
    TransferToSelf,
    UnknownRecipient,
)

LONGEST_RETRY_AFTER = 3600.0  # seconds; a longer wish is a clock gone wrong, not a rate limit
LONGEST_MESSAGE = 1000

_BY_RC: Mapping[str, type[HordeError]] = {
    "RequestNotFound": RequestNotFound,
    "InvalidAPIKey": InvalidKey,
    "UserNotFound": InvalidKey,  # find_user's name for it
    "KudosUpfront": KudosUpfront,
    "TimeoutIP": TimedOutIP,
    "MaintenanceMode": Maintenance,  # sent with 400, not 503
    "CorruptPrompt": PromptRefused,
    "InvalidTargetUsername": UnknownRecipient,
    "KudosTransferToSelf": TransferToSelf,
    "KudosTransferToAnon": AnonymousTransfer,
    "KudosTransferFromAnon": AnonymousTransfer,
    "KudosTransferNotEnough": NotEnoughKudos,
    "NegativeKudosTransfer": BadAmount,
    "InvalidKudosTransferAmount": BadAmount,
    "TooFastKudosTransfers": TransferTooSoon,
    # Accounts that were flagged, or are of a school, and a retry key used for another transfer.
    **dict.fromkeys(
        (
            "SourceAccountFlagged",
            "TargetAccountFlagged",
            "FaultWhenKudosSending",
            "FaultWhenKudosReceiving",
            "EducationCannotSendKudos",
            "IdempotencyKeyConflict",
            "KudosValidationError",
        ),
        TransferRefused,
    ),
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
