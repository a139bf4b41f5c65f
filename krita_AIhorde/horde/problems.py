"""What a rule is, and what it finds."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import attrs
from attrs import frozen

from krita_AIhorde.horde.reading import Reading

Values = Mapping[str, Any]
NOTHING: Values = MappingProxyType({})
# Whether a rule is broken, or the values that its sentence needs.
Finding = bool | Values


class Kind(enum.Enum):
    REFUSED = "refused"  # it will certainly be refused
    MAY_BE_REFUSED = "may_be_refused"  # that depends on the Horde's load, or on what nobody here knows
    IGNORED = "ignored"  # accepted, but what was asked for has no effect, or not the one that is expected
    WASTEFUL = "wasteful"  # accepted from those who have the kudos for it


@frozen
class Problem:
    """``code`` is the Horde's rc, "schema" where it gives none, or a word of ours where it refuses nothing.

    ``field`` is the API's dotted path of what causes it ("params.width", "source_mask"), ``also`` of what it
    fights with, "" = nothing. ``values`` are what a sentence needs, mostly ``limit`` and ``given``.
    """

    code: str
    field: str
    kind: Kind
    also: str = ""
    values: Values = attrs.field(default=NOTHING, hash=False)


@frozen
class Rule:
    """One row of the table: it is broken where ``broken`` finds something."""

    code: str
    field: str
    broken: Callable[[Reading], Finding]
    also: str = ""
    kind: Kind = Kind.REFUSED

    def problem(self, reading: Reading) -> Problem | None:
        finding = self.broken(reading)
        if isinstance(finding, bool):
            return Problem(self.code, self.field, self.kind, self.also) if finding else None
        return Problem(self.code, self.field, self.kind, self.also, finding)


def more_than(limit: float, given: float) -> Finding:
    """Broken where ``given`` exceeds ``limit``; both are the values."""
    return {"limit": limit, "given": given} if given > limit else False
