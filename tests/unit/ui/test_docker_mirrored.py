"""Where text runs from right to left, the docker is mirrored, whatever language its words are in."""

from __future__ import annotations

import pytest
from fake_studio import job
from qt_test import find

from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets
from krita_AIhorde.ui.labels import ElidedLabel
from krita_AIhorde.ui.modelentries import ModelEntry
from krita_AIhorde.ui.modelsearch import ENTRY, ModelLine

Direction = QtCore.Qt.LayoutDirection
Arrow = QtCore.Qt.ArrowType
ARROW = 24  # px at a button's end that are enough for its arrow


def turn(docker, app, direction=Direction.RightToLeft):
    docker.setLayoutDirection(direction)
    app.processEvents()


def ink(image):
    """The columns of ``image`` that are not empty, from left to right; its corner is."""
    empty = image.pixel(0, 0)
    rows = range(image.height())
    return [x for x in range(image.width()) if any(image.pixel(x, y) != empty for y in rows)]


@pytest.mark.parametrize("name", ["advancedHeader", "postProcessingHeader", "giveKudosHeader"])
def test_the_arrow_stands_before_the_words_and_never_in_them(make_page, studio, docker, app, name):
    root = make_page(studio, unfold=False) if name == "giveKudosHeader" else docker
    button = find(root, name, QtWidgets.QToolButton)
    left_to_right = ink(button.grab().toImage())
    turn(root, app)
    columns = ink(button.grab().toImage())
    width = button.width()
    arrow = [x for x in columns if x >= width - ARROW]
    words = [x for x in columns if x < width - ARROW]
    assert arrow
    assert words
    assert arrow[0] - words[-1] > 2, "the arrow touches the words"
    assert abs((width - 1 - columns[-1]) - left_to_right[0]) <= 2, "as far from the edge as on the other side"


def test_the_arrow_points_the_way_one_reads(docker, app):
    header = find(docker, "advancedHeader", QtWidgets.QToolButton)
    header.setChecked(False)
    assert header.arrowType() == Arrow.RightArrow
    turn(docker, app)
    assert header.arrowType() == Arrow.LeftArrow
    header.setChecked(True)
    assert header.arrowType() == Arrow.DownArrow
    header.setChecked(False)
    turn(docker, app, Direction.LeftToRight)
    assert header.arrowType() == Arrow.RightArrow


def test_sentences_and_labels_begin_at_the_right(studio, docker, app):
    studio.set_jobs(job("1", JobState.FAILED, trouble=Trouble.EXPIRED, finished=0))
    find(docker, "basicHeader").setChecked(True)
    turn(docker, app)
    steps = next(
        label
        for label in docker.findChildren(QtWidgets.QLabel)
        if label.buddy() is not None and label.text() == "Steps"
    )
    for label in (find(docker, "jobStatus", QtWidgets.QLabel), steps):
        columns = ink(label.grab().toImage())
        assert label.width() - columns[-1] <= 4
    assert ink(steps.grab().toImage())[0] > steps.width() / 4


def dots(image, columns):
    """Whether there is ink in these columns near the base of the line only, as in "…"."""
    empty = image.pixel(0, 0)
    rows = [y for y in range(image.height()) if any(image.pixel(x, y) != empty for x in columns)]
    return max(rows) - min(rows) < image.height() / 4 < min(rows)


@pytest.mark.parametrize("direction", [Direction.LeftToRight, Direction.RightToLeft])
@pytest.mark.parametrize(
    ("text", "end"), [("a small red sailing boat, " * 3, "right"), ("قارب أحمر صغير، انعكاسات " * 3, "left")]
)
def test_words_are_cut_where_they_end_in_their_own_language(app, text, end, direction):
    parent = QtWidgets.QWidget()
    parent.setLayoutDirection(direction)
    label = ElidedLabel(parent)
    label.setText(text)
    label.resize(150, 20)
    picture = label.grab().toImage()
    columns = ink(picture)
    at_left, at_right = dots(picture, columns[:5]), dots(picture, columns[-5:])
    assert (at_left, at_right) == (end == "left", end == "right")


def test_a_line_of_the_models_is_mirrored(app):
    model = QtGui.QStandardItemModel()
    item = QtGui.QStandardItem("A")
    item.setData(ModelEntry("A", "A", aside="SDXL · no queue · SDXL"), ENTRY)
    model.appendRow(item)
    ends = []
    for direction in (Direction.LeftToRight, Direction.RightToLeft):
        option = QtWidgets.QStyleOptionViewItem()
        option.rect = QtCore.QRect(0, 0, 300, 24)
        option.direction = direction
        picture = QtGui.QImage(300, 24, QtGui.QImage.Format.Format_ARGB32)
        picture.fill(QtCore.Qt.GlobalColor.transparent)
        painter = QtGui.QPainter(picture)
        ModelLine().paint(painter, option, model.index(0, 0))
        painter.end()
        columns = ink(picture)
        name_first = len([x for x in columns if x < 150]) < len(columns) / 2
        ends.append((name_first, columns[0], 299 - columns[-1]))
    (first, left, right), (second, left_mirrored, right_mirrored) = ends
    assert first
    assert not second
    assert abs(left - right_mirrored) <= 2
    assert abs(right - left_mirrored) <= 2
