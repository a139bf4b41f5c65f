from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from docker_scenes import dress
from fake_studio import FakeStudio
from live_scenes import Page
from qt_test import delete_now

from krita_AIhorde.qt import QtWidgets
from krita_AIhorde.ui.docker import DockerWidget


@pytest.fixture(scope="session")
def app() -> QtWidgets.QApplication:
    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["krita"])
    dress(application, dark=True)
    return application


Dress = Callable[..., None]


@pytest.fixture
def wear(app: QtWidgets.QApplication) -> Iterator[Dress]:
    """Puts another theme or font on for one test."""
    yield lambda **how: dress(app, **how)
    dress(app, dark=True)


@pytest.fixture
def studio(app: QtWidgets.QApplication) -> FakeStudio:
    return FakeStudio()


MakeDocker = Callable[..., DockerWidget]


@pytest.fixture
def make_docker(app: QtWidgets.QApplication) -> Iterator[MakeDocker]:
    """A shown docker on a studio; all are released and closed when the test ends."""
    made: list[DockerWidget] = []

    def make(studio: FakeStudio, width: int = 300, height: int = 900) -> DockerWidget:
        docker = DockerWidget(studio)
        made.append(docker)
        docker.resize(width, height)
        docker.show()
        docker.activateWindow()
        for _ in range(12):  # many rows get their parts one after the other
            app.processEvents()
        return docker

    yield make
    for docker in made:
        docker.release()
        docker.close()
        delete_now(docker)


@pytest.fixture
def docker(studio: FakeStudio, make_docker: MakeDocker) -> DockerWidget:
    docker = make_docker(studio)
    studio.asked.clear()
    return docker


@pytest.fixture
def make_page(app: QtWidgets.QApplication) -> Iterator[Callable[..., Page]]:
    """A shown page of all widgets of live state on a studio; released and closed when the test ends."""
    made: list[Page] = []

    def make(studio: FakeStudio, width: int = 300, height: int = 900, *, unfold: bool = True) -> Page:
        page = Page(studio)
        made.append(page)
        page.resize(width, height)
        page.show()
        if unfold:
            page.unfold()
        page.activateWindow()
        for _ in range(3):
            app.processEvents()
        page.resize(width, height)
        app.processEvents()
        return page

    yield make
    for page in made:
        page.release()
        page.close()
        delete_now(page)
