"""Fixtures that play scenarios in the real Krita, in a profile of their own."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from krita_AIhorde.door import display, install, krita, profile, scenario
from krita_AIhorde.door import practice as practice_process

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    """The DISPLAY of the tests: one of their own, or that at hand if AIHORDE_TEST_SHOW is set."""
    with display.display(visible=bool(os.environ.get("AIHORDE_TEST_SHOW"))) as name:
        yield name


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory, screen: str) -> profile.Profile:
    """A profile with the plugin installed in it as the front door does it; tests get copies."""
    home = tmp_path_factory.mktemp("krita") / "home"
    template = scenario.prepare(home, screen)
    found = krita.executable()
    install.install(template.places, pythons=install.pythons_for(found), python=krita.python_of(found))
    return template


@pytest.fixture
def krita_run(installed: profile.Profile, screen: str, tmp_path: Path) -> Iterator[Run]:
    """``krita_run(file, env={...}, timeout=90)`` plays a scenario and returns its verdict.

    The verdict holds ``ok``, ``error`` (a traceback), ``data`` (what the scenario put into ``h.data``),
    ``exit_code``, ``seconds_to_quit``, ``log`` (a path) and ``profile``. A run ``after`` an earlier verdict
    starts Krita again in the profile which that one left. ``change`` is given the profile before Krita
    starts.
    """
    numbers = itertools.count(1)  # two runs may begin at once, in threads

    def run(
        file: Path,
        *,
        env: dict[str, str] | None = None,
        timeout: float = 90.0,
        after: dict[str, Any] | None = None,
        change: Callable[[profile.Profile], None] | None = None,
    ) -> dict[str, Any]:
        number = next(numbers)
        own = after["profile"] if after else profile.copy(installed, tmp_path / f"home-{number}")
        if change is not None:
            change(own)
        folder = tmp_path / f"run-{number}"
        folder.mkdir()
        return scenario.play(own, file, folder=folder, display=screen, env=env, timeout=timeout)

    yield run
    for home in tmp_path.glob("home-*"):  # pytest keeps folders of several runs, and Krita's is large
        shutil.rmtree(home)


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[str]:
    """The base URL of a practice horde of the test's own."""
    with practice_process.horde(Path(sys.executable), log=tmp_path / "practice.log") as url:
        yield url
