"""What is said of one setting: its type, its limits, its words, and what becomes of it."""

from __future__ import annotations

import enum
import math
from dataclasses import KW_ONLY, dataclass
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T", str, int, float, bool, tuple[str, ...])
MOST_ENTRIES = 100  # of a list: what an artist collects, not what a damaged file holds


class Section(enum.Enum):
    """The parts of the docker, from top to bottom, and of the README's table of controls."""

    BASIC = "basic"
    ADVANCED = "advanced"
    POST_PROCESSING = "post-processing"
    ACCOUNT = "account"
    FILES = "files"


class Option(NamedTuple):
    """One of a few values that are offered. ``label`` and ``tooltip`` are English, for translation."""

    value: str  # the API's own name where it has one
    label: str
    tooltip: str = ""


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting. ``label``, ``tooltip`` and ``help`` are English; the docker translates the first two.

    ``minimum`` and ``maximum`` are true limits, the Horde's own where it has any; ``slider_maximum`` is how
    far a slider goes, while larger values can be typed. A float has two decimals.
    """

    name: str
    default: T
    label: str
    tooltip: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float = 1
    _: KW_ONLY
    slider_maximum: float | None = None
    options: tuple[Option, ...] = ()
    open_ended: bool = False  # values beside the options are kept: newer servers and plugins know more
    empty: str = ""  # what an empty text stands for, in a word or two
    api: str = ""  # dotted path in the body of POST /generate/async; "" = it is not sent as such
    widget: str = ""  # the control's objectName (contract.md); "" = it has no control
    section: Section | None = None  # where its control is
    help: str = ""  # what the README says of it, in Markdown; "" = the tooltip
    per_document: bool = False  # each document keeps a value of its own
    kept: bool = False  # a reset to the defaults leaves it as it is
    private: bool = False  # never leaves this computer in an exported text

    @property
    def choices(self) -> tuple[str, ...]:
        """The only values there are; empty where any other one is kept, too."""
        return () if self.open_ended else tuple(option.value for option in self.options)

    @property
    def readme(self) -> str:
        """The README's line."""
        return self.help or self.tooltip

    def fits(self, value: object) -> bool:
        """Whether ``value`` is of this setting's kind; a number may still be beyond its limits."""
        kind = type(self.default)
        if kind is bool:
            return isinstance(value, bool)
        if kind is str:
            return isinstance(value, str) and (not self.choices or value in self.choices)
        if kind is tuple:
            return isinstance(value, list | tuple) and all(isinstance(entry, str) for entry in value)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return number and not (isinstance(value, float) and math.isnan(value))

    def checked(self, value: object) -> T:
        """``value`` as this setting's type and inside its range; the default where it makes no sense.

        Of a list, what is text is kept, each once and in its order.
        """
        plain: Any = value
        if isinstance(self.default, tuple) and isinstance(value, list | tuple):
            texts = dict.fromkeys(entry.strip() for entry in plain if isinstance(entry, str))
            plain = tuple(text for text in texts if text)[:MOST_ENTRIES]
        elif not self.fits(value):
            return self.default
        elif isinstance(self.default, int | float) and not isinstance(self.default, bool):
            plain = self._within(plain)
        fitting: T = plain
        return fitting

    def _within(self, number: float) -> Any:
        low = number if self.minimum is None else max(number, self.minimum)
        within = low if self.maximum is None else min(low, self.maximum)
        return int(within) if isinstance(self.default, int) else round(float(within), 2)
