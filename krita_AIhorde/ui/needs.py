"""Which controls do something only together with others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from krita_AIhorde import settings as s
from krita_AIhorde.qt import tr

Hinder = Callable[[s.Setting[Any], str], None]


class Need(NamedTuple):
    """``setting`` has an effect while ``met`` by the value of ``other``; else ``words`` say what to do."""

    setting: s.Setting[Any]
    other: s.Setting[Any]
    met: Callable[[Any], bool]
    words: str


def needs() -> tuple[Need, ...]:
    fixer = tr("Choose a face fixer under “{0}” first.").format(tr(s.POST_PROCESSING.label))
    return (
        Need(
            s.SEED_VARIATION,
            s.IMAGE_COUNT,
            lambda count: count > 1,
            tr("Only for several images: raise “{0}” first.").format(tr(s.IMAGE_COUNT.label)),
        ),
        Need(
            s.HIRES_FIX_STRENGTH,
            s.HIRES_FIX,
            bool,
            tr("Tick “{0}” first.").format(tr(s.HIRES_FIX.label)),
        ),
        Need(
            s.CENSOR_NSFW,
            s.NSFW,
            lambda allowed: not allowed,
            tr("“{0}” is ticked: nothing is censored.").format(tr(s.NSFW.label)),
        ),
        Need(s.ALLOW_DOWNGRADE, s.MODEL, bool, tr("Works only with a model that you chose, not with any.")),
        Need(s.STRIP_BACKGROUND_TOO, s.POST_PROCESSING, mends_faces, fixer),
        Need(s.FACEFIXER_STRENGTH, s.POST_PROCESSING, mends_faces, fixer),
    )


def mends_faces(processor: str) -> bool:
    """What only a newer Horde knows is most likely a face fixer, too (see jobs.request)."""
    return processor not in ("", s.STRIP_BACKGROUND)


class Needs:
    """Tells of every setting that needs another whether it is hindered, and by what ("" = it is not)."""

    def __init__(self, settings: s.Settings, hinders: Mapping[str, Hinder]) -> None:
        self._settings, self._hinders = settings, hinders
        self._needs = needs()
        for need in self._needs:
            self._tell(need)

    def setting_changed(self, setting: s.Setting[Any]) -> None:
        for need in self._on(setting):
            self._tell(need)

    def _on(self, setting: s.Setting[Any]) -> Iterator[Need]:
        return (need for need in self._needs if need.other is setting)

    def _tell(self, need: Need) -> None:
        met = need.met(self._settings.get(need.other))
        if need.setting.name in self._hinders:
            self._hinders[need.setting.name](need.setting, "" if met else need.words)
