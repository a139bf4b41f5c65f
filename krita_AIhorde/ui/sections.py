"""The sections of the docker that fold, made from the registry of settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from krita_AIhorde import settings as s
from krita_AIhorde.qt import QtCore, QtWidgets, tr

from .binding import Bindings
from .files import Files
from .form import Form
from .formlayout import FormLayout
from .intents import Studio
from .needs import Hinder, Needs
from .place import Place
from .remarks import Remark
from .section import Section
from .seed import Die, LastSeed

IN_SIGHT = (s.PROMPT, s.NEGATIVE_PROMPT, s.MODEL)  # of every picture: they are above, and never folded
_NAMES = {
    s.Section.BASIC: "basic",
    s.Section.ADVANCED: "advanced",
    s.Section.POST_PROCESSING: "postProcessing",
    s.Section.ACCOUNT: "account",
    s.Section.FILES: "files",
}


def headings() -> dict[s.Setting[Any], str]:
    """What stands above a setting where another subject begins."""
    return {
        s.CONTEXT: tr("Inpaint"),
        s.MAX_WAIT: tr("Jobs and workers"),
    }


class Sections(QtWidgets.QWidget):
    """``ask`` is called with what changes many settings at once, so that what is half typed counts before."""

    def __init__(self, studio: Studio, bindings: Bindings, ask: Callable[[Callable[[], None]], None]) -> None:
        super().__init__()
        self._studio, self._bindings = studio, bindings
        self._sections: dict[s.Section, Section] = {}
        self._forms: dict[s.Section, Form] = {}
        self._peers: list[FormLayout] = []
        self.files = Files(studio, bindings, self._peers, ask)
        layout = QtWidgets.QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for section, is_open in s.SECTIONS.items():
            part = Section(_NAMES[section], tr(is_open.label), self._body(section), self)
            bindings.bind(part.header, is_open)
            self._sections[section] = part
            layout.addWidget(part)
        layout.addStretch(1)
        hinders: dict[str, Hinder] = {
            name: form.hinder for form in self._forms.values() for name in form.settings()
        }
        self._needs = Needs(studio.settings, hinders)

    def minimumSizeHint(self) -> QtCore.QSize:
        """The height follows from the width alone: the least that Qt guesses is that of very narrow sections,
        and would leave gaps between them.
        """
        return QtCore.QSize(super().minimumSizeHint().width(), 0)

    def release(self) -> None:
        self._last_seed.release()
        self.files.release()

    def section(self, section: s.Section) -> Section:
        return self._sections[section]

    def setting_changed(self, setting: s.Setting[Any]) -> None:
        self._needs.setting_changed(setting)

    def show_remarks(self, remarks: Mapping[str, Sequence[Remark]]) -> None:
        for section, form in self._forms.items():
            said = form.show_remarks(remarks)
            self._sections[section].set_remarks([remark.text for remark in said])

    def _body(self, section: s.Section) -> QtWidgets.QWidget:
        if section is s.Section.ACCOUNT:
            return _holding(Place("accountPlace"))
        if section is s.Section.FILES:
            self._forms[section] = self.files.form
            return self.files
        form = self._forms[section] = Form(self._bindings, self._peers)
        for setting in s.ALL:
            if setting.section is section and setting not in IN_SIGHT:
                self._add(setting, form)
        return form

    def _add(self, setting: s.Setting[Any], form: Form) -> None:
        if setting in headings():
            form.add_heading(headings()[setting])
        if setting is s.SEED:
            self._last_seed = LastSeed(self._studio, form)
            form.add(setting, Die(self._studio.settings, form), self._last_seed)
        elif setting is s.PREFERRED_WORKERS:  # one picker for both lists
            form.add_wide(Place("workersPlace", form), s.PREFERRED_WORKERS, s.BLOCKED_WORKERS)
        elif setting is not s.BLOCKED_WORKERS:
            form.add(setting)


def _holding(place: Place) -> QtWidgets.QWidget:
    """A body that folds whether or not something is in ``place``."""
    body = QtWidgets.QWidget()
    layout = QtWidgets.QVBoxLayout(body)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(place)
    return body
