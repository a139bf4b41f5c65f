"""What is wrong with a request, said beside the control that causes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from krita_AIhorde import settings as s
from krita_AIhorde.horde.problems import Kind, Problem
from krita_AIhorde.jobs.offer import Offer
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.qt import QtWidgets, tr

from .labels import Sentence
from .problems import problem_text
from .theme import Tone, set_tone
from .words import obstacle_text, operation_text

NOWHERE = ""  # of no control
# The size follows from the selection; what an artist can do about it is this.
_ELSEWHERE = {"params.width": s.MAX_SIZE, "params.height": s.MAX_SIZE}
# What makes no difference to an artist who has left the control alone; the control's tooltip tells it.
_OF_CHANGES_ONLY = frozenset({"FacefixerStrengthIgnored"})


@frozen
class Remark:
    """A sentence. ``refused``: the Horde will not take the request; else it ignores or wastes something."""

    text: str
    refused: bool = False


def remarks_of(offers: Mapping[Operation, Offer], settings: s.Settings) -> dict[str, list[Remark]]:
    """All that is wrong, by the name of the setting that causes it; what will be refused comes first.

    A sentence that holds only for some of the buttons names them. What a button's obstacle says already is
    left out.
    """
    able = [operation for operation, offer in offers.items() if offer.obstacle is None] or list(offers)
    concerned: dict[tuple[str, Remark], list[Operation]] = {}
    for operation in able:
        for place, remark in _found(operation, offers[operation], settings):
            concerned.setdefault((place, remark), []).append(operation)
    remarks: dict[str, list[Remark]] = {}
    for (place, remark), operations in sorted(concerned.items(), key=lambda item: not item[0][1].refused):
        remarks.setdefault(place, []).append(_named(remark, operations, able))
    return remarks


def _found(operation: Operation, offer: Offer, settings: s.Settings) -> Iterator[tuple[str, Remark]]:
    told = "" if offer.obstacle is None else obstacle_text(offer.obstacle, operation)
    seen: set[str] = set()
    for problem in offer.problems:
        text = problem_text(problem)
        if text not in (told, *seen) and not _is_idle(problem, settings):
            seen.add(text)
            yield place_of(problem, settings), Remark(text, problem.kind is Kind.REFUSED)


def _is_idle(problem: Problem, settings: s.Settings) -> bool:
    if problem.code not in _OF_CHANGES_ONLY:
        return False
    name = place_of(problem, settings)
    return all(settings.get(setting) == setting.default for setting in s.ALL if setting.name == name)


def _named(remark: Remark, operations: Sequence[Operation], able: Sequence[Operation]) -> Remark:
    if len(operations) == len(able):
        return remark
    names = ", ".join(map(operation_text, operations))
    return Remark(tr("{0}: {1}").format(names, remark.text), remark.refused)


def place_of(problem: Problem, settings: s.Settings) -> str:
    """The name of the setting whose control causes ``problem``; `NOWHERE` = none does."""
    path = ".".join(part for part in problem.field.split(".") if not part.isdigit())
    if path in _ELSEWHERE:
        return _ELSEWHERE[path].name
    found = [setting for setting in s.ALL if setting.widget and setting.api == path]
    if not found:
        return NOWHERE
    given = problem.values.get("given")
    guilty: s.Setting[Any] = next((entry for entry in found if settings.get(entry) == given), found[0])
    return guilty.name


def refusals(offer: Offer) -> list[str]:
    """Why the Horde will refuse what this button would send, in sentences."""
    return [problem_text(problem) for problem in offer.problems if problem.kind is Kind.REFUSED]


class RemarkLabel(Sentence):
    """Hidden while there is nothing to say."""

    def __init__(self, name: str, parent: QtWidgets.QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.hide()

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        set_tone(self, Tone.ATTENTION if any(remark.refused for remark in remarks) else Tone.MUTED)
        self.say("\n".join(remark.text for remark in remarks))
