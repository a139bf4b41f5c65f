"""The project's environment is made once, and again when what it was made from has changed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from krita_AIhorde.door import environment, system
from krita_AIhorde.door.system import DoorError, Missing

PROJECT = """
[project]
name = "x"
dependencies = ["aiohttp>=3.14.4", "attrs"]
[project.optional-dependencies]
dev = ["pytest>=8"]
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What pip was asked to do: it needs a network, which these tests do without."""
    calls: list[list[str]] = []
    monkeypatch.setattr(environment, "pip", lambda _python, arguments: calls.append(arguments))
    return calls


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real environment, made once: that takes seconds."""
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    environment.bare(folder)
    return folder


@pytest.fixture(autouse=True)
def quickly(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every further one is a copy."""

    def copy(command: list[str], _complaint: str) -> None:
        assert command[1:3] == ["-m", "venv"]
        shutil.copytree(made, command[3], symlinks=True)

    monkeypatch.setattr(environment, "_check", copy)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
    return tmp_path


def test_made_once_and_again_when_the_project_changes(checkout: Path, asked: list[list[str]]) -> None:
    folder = checkout / ".venv"

    python = environment.ready(folder, checkout)
    environment.ready(folder, checkout)

    assert python.exists()
    assert len(asked) == 1
    listed = Path(asked[0][-1]).read_text("utf-8").split()
    assert listed == ["aiohttp>=3.14.4", "attrs", "pytest>=8"]
    assert not {"--index-url", "--isolated", "--extra-index-url"} & set(asked[0]), "pip is the machine's"

    (checkout / "pyproject.toml").write_text(PROJECT.replace("attrs", "cattrs"), encoding="utf-8")
    environment.ready(folder, checkout)
    assert len(asked) == 2


def test_a_pip_that_fails_is_asked_again(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_python: Path, _arguments: list[str]) -> None:
        raise DoorError("pip failed")

    monkeypatch.setattr(environment, "pip", fail)
    for _ in range(2):
        with pytest.raises(DoorError, match="pip failed"):
            environment.ready(checkout / ".venv", checkout)


def test_an_environment_that_lost_its_python_is_made_anew(checkout: Path, asked: list[list[str]]) -> None:
    folder = checkout / ".venv"
    environment.bare(folder)
    (folder / "marker").touch()
    environment.bare(folder)
    assert (folder / "marker").exists(), "made anew without need"

    environment.python(folder).unlink()
    environment.python(folder).symlink_to("/nowhere/python3")
    environment.bare(folder)

    assert environment.python(folder).exists()
    assert not (folder / "marker").exists()


def test_debian_s_own_python_gets_its_venv_from_debian(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed: list[str] = []
    # As on a bare Debian: there is a venv module, without what it needs.
    monkeypatch.setattr(environment, "_has_ensurepip", lambda: bool(needed))
    monkeypatch.setattr(environment.sys, "base_prefix", "/usr")
    monkeypatch.setattr(system, "is_debian", lambda: True)
    monkeypatch.setattr(system, "need", lambda packages, _reason: needed.extend(packages))

    environment.bare(tmp_path / ".venv")

    assert needed == ["python3-venv"]


def test_another_python_without_venv_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "_has_ensurepip", lambda: False)
    monkeypatch.setattr(environment.sys, "base_prefix", "/opt/python")

    with pytest.raises(Missing, match=sys.executable):
        environment.bare(tmp_path / ".venv")
