"""All settings, in the docker's order."""

from __future__ import annotations

from typing import Any

from . import pictures, work
from .pictures import *  # noqa: F403
from .setting import Section, Setting
from .work import *  # noqa: F403

ALL: tuple[Setting[Any], ...] = tuple(
    value for leaf in (pictures, work) for value in vars(leaf).values() if isinstance(value, Setting)
)
# Which setting remembers whether a section is open; its label is the section's headline.
SECTIONS: dict[Section, Setting[bool]] = {
    Section.BASIC: work.SECTION_BASIC_OPEN,
    Section.ADVANCED: work.SECTION_ADVANCED_OPEN,
    Section.POST_PROCESSING: work.SECTION_POST_PROCESSING_OPEN,
    Section.ACCOUNT: work.SECTION_ACCOUNT_OPEN,
    Section.FILES: work.SECTION_FILES_OPEN,
}
