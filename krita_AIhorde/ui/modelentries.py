"""What the list of models holds, in which order, and which of it a search finds: pure functions."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Sequence

from attrs import frozen

from krita_AIhorde.horde.messages import ActiveModel
from krita_AIhorde.horde.modelinfo import ModelInfo, unlisted
from krita_AIhorde.qt import tr

from .livewords import inpainting_mark, kind_text, parts, served_text, style_text, traits_text, wait_text
from .words import excerpt

ANY_MODEL = ""
MOST_RECENT = 5
LONGEST_DESCRIPTION = 160


class Group(enum.IntEnum):
    """From top to bottom, with a line between."""

    ANY = 0
    FAVOURITES = 1
    RECENT = 2
    REST = 3


@frozen
class ModelEntry:
    """One line of the list. ``aside`` is its second column.

    A search also looks into ``kinds``, what the reference files it under, and then into ``words``, what is
    told of it.
    """

    name: str
    label: str
    aside: str = ""
    tooltip: str = ""
    kinds: str = ""
    words: str = ""
    group: Group = Group.REST


def any_model() -> ModelEntry:
    return ModelEntry(
        ANY_MODEL, tr("Any model"), tooltip=tr("Whichever model is free: the shortest wait."), group=Group.ANY
    )


def away(name: str, known: bool, group: Group = Group.ANY) -> ModelEntry:
    """A model that is not in the list; ``known``: there is a list."""
    return ModelEntry(name, tr("{0} (not available now)").format(name) if known else name, group=group)


def entries(
    models: Sequence[ActiveModel],
    info_of: Callable[[str], ModelInfo] = unlisted,
    favourites: Iterable[str] = (),
    recent: Iterable[str] = (),
) -> list[ModelEntry]:
    """Favourites first (served or not), then those used lately, then the others; each model once."""
    served = {model.name: model for model in models}
    loved = dict.fromkeys(name for name in favourites if name)
    used = [name for name in dict.fromkeys(recent) if name in served and name not in loved][:MOST_RECENT]
    top = [
        _entry(served[name], info_of(name), Group.FAVOURITES)
        if name in served
        else away(name, bool(served), Group.FAVOURITES)
        for name in loved
    ]
    top += [_entry(served[name], info_of(name), Group.RECENT) for name in used]
    apart = {entry.name for entry in top}
    return top + [
        _entry(model, info_of(model.name), Group.REST) for model in models if model.name not in apart
    ]


def _entry(model: ActiveModel, info: ModelInfo, group: Group) -> ModelEntry:
    description = excerpt(info.description, LONGEST_DESCRIPTION)
    told = (model.name, traits_text(info), description, served_text(model), inpainting_mark(info))
    return ModelEntry(
        name=model.name,
        label=f"{model.name} ({model.count})",
        aside=parts(kind_text(info), inpainting_mark(info), wait_text(model)),
        tooltip="\n".join(line for line in told if line),
        kinds=_kinds(info),
        words=" ".join((info.description, inpainting_mark(info), *info.triggers)).casefold(),
        group=group,
    )


def _kinds(info: ModelInfo) -> str:
    """Style, tags and baseline, the latter however it may be spelt: "SD 1", "sd1", "stable diffusion 1"."""
    kind = kind_text(info)
    baseline = info.baseline.value.replace("_", " ") if kind else ""
    return " ".join(
        (kind, kind.replace(" ", ""), baseline, info.style, style_text(info), *info.tags)
    ).casefold()


def rank(entry: ModelEntry, typed: str) -> int | None:
    """How well ``typed`` finds it: 0 best; None, not at all. All words must occur, in any order."""
    wanted = typed.casefold().split()
    label = entry.label.casefold()
    if entry.label == typed or not wanted:
        return 0
    if label.startswith(" ".join(wanted)):
        return 0
    if all(word in label for word in wanted):
        return 1
    if all(word in label or word in entry.kinds for word in wanted):
        return 2
    return 3 if all(word in f"{label} {entry.kinds} {entry.words}" for word in wanted) else None
