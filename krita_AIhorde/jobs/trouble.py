"""Which of the artist's troubles an error of the Horde's client is."""

from __future__ import annotations

from krita_AIhorde.horde import errors
from krita_AIhorde.jobs.snapshot import Trouble

# The first match counts, so the special come before the general.
_TROUBLES: tuple[tuple[type[errors.HordeError], Trouble], ...] = (
    (errors.TlsFailure, Trouble.TLS),
    (errors.InsecureEndpoint, Trouble.INSECURE),
    (errors.Unreachable, Trouble.NO_CONNECTION),
    (errors.NoAnswer, Trouble.NO_ANSWER),
    (errors.ServerTrouble, Trouble.SERVER),
    (errors.BadAnswer, Trouble.SERVER),
    (errors.RateLimited, Trouble.RATE_LIMITED),
    (errors.TooManyPrompts, Trouble.TOO_MANY_JOBS),
    (errors.InvalidKey, Trouble.BAD_KEY),
    (errors.KudosUpfront, Trouble.KUDOS),
    (errors.TimedOutIP, Trouble.IP_TIMEOUT),
    (errors.Maintenance, Trouble.MAINTENANCE),
    (errors.PromptRefused, Trouble.PROMPT),
    (errors.RequestNotFound, Trouble.EXPIRED),
    (errors.ImageError, Trouble.IMAGE_LOST),
    (errors.Refused, Trouble.REFUSED),
)


def trouble_of(error: errors.HordeError) -> tuple[Trouble, str]:
    """The trouble, and the server's own words (or what the network said)."""
    for kind, trouble in _TROUBLES:
        if isinstance(error, kind):
            return trouble, str(error)
    return Trouble.UNEXPECTED, str(error)
