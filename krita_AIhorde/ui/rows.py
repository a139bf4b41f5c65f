"""The rows of the jobs, however many: only those that are looked at cost what a row costs.

Every job has a `JobRow`, with the properties that scripts read, always. Its parts, the widgets in it, are

* there always in the newest ``ALWAYS`` rows: in a list of that length nothing ever comes or goes;
* made for older rows when they come near to what is in sight, and let go of when they are far from it;
* made, and kept, when a script looks for them: see `JobRow.findChild`.

Whatever has to be made for many rows at once is made in slices, between which Krita goes on.
"""

from __future__ import annotations

import itertools
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import TypeVar

from krita_AIhorde.jobs.snapshot import JobSnapshot
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets, Signal, tr

from .intents import Studio
from .jobrow import JobRow
from .labels import Sentence
from .theme import Tone, set_tone

TICK = 1000  # ms
ALWAYS = 50
SLICE = 0.002  # seconds of Krita's main thread that are taken at a time
Type = QtCore.QEvent.Type
T = TypeVar("T")


class Rows(QtWidgets.QWidget):
    """The container `jobs`: one `JobRow` a job, the newest on top and first among the children.

    It places its rows itself: a layout of Qt's asks each of them at every change of one.
    """

    keyWanted = Signal()

    def __init__(self, studio: Studio) -> None:
        super().__init__()
        self._studio = studio
        self._rows: dict[str, JobRow] = {}
        self._order: list[JobRow] = []  # newest first
        self._tops: list[int] = [0]  # of each, and where the next would begin
        self._furnished: set[JobRow] = set()
        self._placed: set[JobRow] = set()
        self._typical = 5 * self.fontMetrics().height()  # px: the height of a row that was not seen yet
        self._width = self.width()  # px, for which heights are known
        self._looked_at: tuple[JobRow | None, int] = (None, 0)  # the first in sight, and px above it
        self._bar: QtWidgets.QScrollBar | None = None
        self._clock = QtCore.QTimer(self)  # runs only while a row counts down
        self._clock.setInterval(TICK)
        self._clock.timeout.connect(self._tick)
        self._next_slice = QtCore.QTimer(self)
        self._next_slice.setSingleShot(True)
        self._next_slice.setInterval(0)
        self._next_slice.timeout.connect(self._work)
        self.setObjectName("jobs")
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._gap = self.fontMetrics().height() // 4
        self._empty = Sentence(self)
        self._empty.say(
            tr("Every picture that you ask for gets a line here. You can go on painting meanwhile.")
        )
        set_tone(self._empty, Tone.MUTED)
        self._is_listed = False
        self.sync()

    def follow(self, bar: QtWidgets.QScrollBar) -> None:
        """``bar`` scrolls the list."""
        self._bar = bar
        bar.valueChanged.connect(self._look)

    # What there is.

    def sync(self) -> None:
        """Make the rows those of the studio's jobs; rows that stay are not touched."""
        self._is_listed = False
        self._work()

    def show_job(self, job: JobSnapshot) -> None:
        row = self._rows.get(job.id)  # None: its slice comes yet, with what it is then
        if row is not None:
            row.show_job(job)
            self._count_down(row)

    def release(self) -> None:
        self._clock.stop()
        self._next_slice.stop()

    def _work(self) -> None:
        deadline = time.perf_counter() + SLICE
        self._is_listed = self._is_listed or self._list(deadline)
        if not self._is_listed or not self._furnish(deadline):
            self._next_slice.start()

    def _list(self, deadline: float) -> bool:
        """Have a row for each job, the newest first; whether it is done."""
        jobs = self._studio.jobs()
        there = {job.id for job in jobs}
        missing, older = [], None
        for job in reversed(jobs):
            if job.id in self._rows:
                older = self._rows[job.id]
            else:
                missing.append((job, older))
        gone = [job_id for job_id in self._rows if job_id not in there]
        is_done = _until(deadline, self._drop, gone) and _until(deadline, self._add, reversed(missing))
        if gone or missing:
            self._order = [self._rows[job.id] for job in jobs if job.id in self._rows]
            self._tops = []
            self._empty.setVisible(not self._rows)
            self.updateGeometry()
            self._ask_for_room()
        return is_done

    def _add(self, place: tuple[JobSnapshot, JobRow | None]) -> None:
        job, older = place
        row = self._rows[job.id] = JobRow(job, self._studio, self)
        row.keyWanted.connect(self.keyWanted)
        row.furnished.connect(self._be_told)
        row.tall = self._typical
        if older is not None:  # children are listed back to front: scripts that look find the newest first
            row.stackUnder(older)

    def _drop(self, job_id: str) -> None:
        row = self._rows.pop(job_id)
        self._furnished.discard(row)
        self._placed.discard(row)
        row.hide()
        row.setParent(None)
        row.deleteLater()

    def _furnish(self, deadline: float) -> bool:
        """See to it that the right rows have their parts; whether it is done."""
        self._measure()
        self._place()  # parts that are made in a row that is shown are shown, and measured right
        bare = [row for row in map(self._order.__getitem__, self._near()) if row.is_bare]
        idle = [row for row in self._furnished if row not in self._placed]
        return _until(deadline, JobRow.furnish, bare) and _until(deadline, self._strip, idle)

    def _be_told(self, row: JobRow) -> None:
        """A row has got its parts, perhaps because a script looked for them."""
        if row.parentWidget() is not self:  # it was dropped
            return
        self._furnished.add(row)
        self._count_down(row)
        self._ask_for_room()

    def _strip(self, row: JobRow) -> None:
        row.strip()
        self._furnished.discard(row)

    # Where it is.

    def rows_in_order(self) -> list[QtWidgets.QWidget]:
        """Those that the Tab key goes through."""
        return [row for row in self._order if not row.is_bare]

    def sizeHint(self) -> QtCore.QSize:
        width = self.minimumSizeHint().width()
        return QtCore.QSize(width, self.heightForWidth(max(width, self.width())))

    def minimumSizeHint(self) -> QtCore.QSize:
        """As wide as the widest row needs. The height follows from the width alone."""
        needed = [row.minimumSizeHint().width() for row in self._furnished]
        return QtCore.QSize(max(needed, default=self._empty.minimumSizeHint().width()), 0)

    def heightForWidth(self, width: int) -> int:
        if not self._order:
            return self._empty.heightForWidth(width)
        if width == self._width:
            self._measure()
            return self._tops[-1] - self._gap
        other = sum(row.heightForWidth(width) - row.tall for row in self._furnished)
        return self._tops[-1] - self._gap + other

    def _measure(self) -> None:
        """How high each row is, and where it begins; one without parts is as it was, or as is typical."""
        is_new = len(self._tops) != len(self._order) + 1
        for row in self._furnished:
            tall = row.heightForWidth(self._width)
            if tall != row.tall:
                row.tall, is_new = tall, True
        if is_new:
            gap, before = self._gap, self._tops[-1:]
            self._tops = list(itertools.accumulate((row.tall + gap for row in self._order), initial=0))
            if self._tops[-1:] != before:
                self.updateGeometry()

    def _guess(self) -> None:
        """Rows that nobody saw at this width are as high as one that was."""
        first = next((row for row in self._order if not row.is_bare), None)
        if first is not None:
            self._typical = first.heightForWidth(self._width)
        for row in self._order:
            if row.is_bare:
                row.tall = self._typical
        self._tops.clear()

    def _near(self) -> list[int]:
        """Which must have their parts: those in sight first, then the newest, then those around."""
        top, page = self._sight()
        seen, around = self._between(top, top + page), self._between(top - page // 2, top + page + page // 2)
        return list(dict.fromkeys((*seen, *range(min(ALWAYS, len(self._order))), *around)))

    def _sight(self) -> tuple[int, int]:
        """Where what is in sight begins, and how high it is."""
        return (0, 0) if self._bar is None else (self._bar.value(), self._bar.pageStep())

    def _between(self, top: int, bottom: int) -> range:
        first = max(0, bisect_right(self._tops, top) - 1)
        return range(first, min(bisect_left(self._tops, bottom), len(self._order)))

    def _ask_for_room(self) -> None:
        QtCore.QCoreApplication.postEvent(self, QtCore.QEvent(Type.LayoutRequest))

    def event(self, event: QtCore.QEvent | None) -> bool:
        if event is not None and event.type() == Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def resizeEvent(self, event: QtGui.QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _look(self, _value: int) -> None:
        """Another part of the list came in sight."""
        self._remember()
        self._place()
        self._work()

    def _arrange(self) -> None:
        """Place the rows anew; what the artist looks at stays where it is."""
        if self.width() != self._width:
            self._width = self.width()
            self._guess()
        self._measure()
        self._empty.setGeometry(0, 0, self._width, self._empty.heightForWidth(self._width))
        row, offset = self._looked_at
        if row is not None and self._bar is not None and row in self._order:
            self._bar.setValue(self._tops[self._order.index(row)] + offset)
        self._remember()
        self._place()

    def _place(self) -> None:
        wanted = {self._order[index]: index for index in self._near()}
        for row in self._furnished - wanted.keys():
            # Not in the order: its job is gone, and so is it with the next slice.
            if row.is_in_use and row in self._order:
                wanted[row] = self._order.index(row)
        for row in self._placed - wanted.keys():
            row.hide()
        for row, index in wanted.items():
            row.setGeometry(0, self._tops[index], self._width, row.tall)
            row.show()
        self._placed = set(wanted)

    def _remember(self) -> None:
        """What the artist looks at; nothing where the list was not scrolled, and shows the newest."""
        top, page = self._sight()
        seen = self._between(top, top + page) if top > 0 else []
        self._looked_at = (self._order[seen[0]], top - self._tops[seen[0]]) if seen else (None, 0)

    # What time does to it.

    def _count_down(self, row: JobRow) -> None:
        if row.counts_down and not self._clock.isActive():
            self._clock.start()

    def _tick(self) -> None:
        counting = [row for row in self._furnished if row.counts_down]
        for row in counting:
            row.tick()
        if not counting:
            self._clock.stop()


def _until(deadline: float, act: Callable[[T], None], these: Iterable[T]) -> bool:
    """``act`` with one after the other, at least one; False when time ran out before the last of them."""
    is_over = False
    for this in these:
        if is_over:
            return False
        act(this)
        is_over = time.perf_counter() > deadline
    return True
