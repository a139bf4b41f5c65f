"""What is missing is named, and installed only where that can be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from krita_AIhorde.door import system
from krita_AIhorde.door.system import DoorError, Missing

DPKG_QUERY = """
for name in "$@"; do grep -qx -- "$name" installed && echo "$name installed"; done
true
"""
APT_GET = """
echo "$DEBIAN_FRONTEND $*" >> calls
if [ "$1" = update ]; then touch lists/x_Packages; exit 0; fi
[ -e stale ] && rm stale && exit 100
[ -e broken ] && exit 100
for name in "$@"; do case $name in -*|install|Dpkg*) ;; *) echo $name >> installed ;; esac; done
"""


class Machine:
    """A Debian of scripts: dpkg knows what apt installed, and every call is written down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.installed = folder / "installed"
        self.installed.write_text("", encoding="utf-8")
        self.calls = folder / "calls"
        self.os_release = folder / "os-release"
        self.os_release.write_text('ID=ubuntu\nID_LIKE="debian"\n', encoding="utf-8")
        self.lists = folder / "lists"
        self.lists.mkdir()
        self.command("dpkg-query", DPKG_QUERY)
        self.command("apt-get", APT_GET)

    def command(self, name: str, script: str) -> None:
        (self.bin / name).write_text(f"#!/bin/sh\ncd {self.folder}\n{script}\n", encoding="utf-8")
        (self.bin / name).chmod(0o700)

    def said_to_apt(self) -> list[str]:
        return self.calls.read_text("utf-8").splitlines() if self.calls.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", f"{made.bin}:/usr/bin:/bin")
    monkeypatch.setattr(system, "_OS_RELEASE", made.os_release)
    monkeypatch.setattr(system, "_APT_LISTS", made.lists)
    monkeypatch.setattr(system.os, "geteuid", lambda: 0)
    return made


INSTALL = "noninteractive install --yes --no-install-recommends -qq -o Dpkg::Use-Pty=0"


def test_what_is_there_is_left_alone(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.installed.write_text("krita\nxvfb\n", encoding="utf-8")

    system.need(["krita", "xvfb"], "to try it")

    assert machine.said_to_apt() == []
    assert capsys.readouterr().out == ""


def test_what_is_missing_is_said_and_then_installed(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.installed.write_text("krita\n", encoding="utf-8")

    system.need(["krita", "xvfb", "xdotool"], "to try it")

    assert capsys.readouterr().out == "Installing xvfb xdotool (to try it)\n"
    assert machine.said_to_apt() == ["noninteractive update -qq", f"{INSTALL} xvfb xdotool"]
    assert system.missing(["krita", "xvfb", "xdotool"]) == []


def test_lists_are_fetched_only_if_there_are_none_or_they_are_old(machine: Machine, tmp_path: Path) -> None:
    (machine.lists / "main_Packages").touch()
    system.need(["xvfb"], "to try it")
    assert machine.said_to_apt() == [f"{INSTALL} xvfb"]

    (tmp_path / "stale").touch()
    system.need(["krita"], "to try it")
    assert machine.said_to_apt()[1:] == [f"{INSTALL} krita", "noninteractive update -qq", f"{INSTALL} krita"]


def test_apt_s_failure_is_ours(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / "broken").touch()

    with pytest.raises(DoorError, match="could not install xvfb"):
        system.need(["xvfb"], "to try it")


def test_sudo_is_used_by_who_is_not_root(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    machine.command("sudo", 'echo "sudo $*" >> calls; exec "$@"')
    (machine.lists / "main_Packages").touch()

    system.need(["xvfb"], "to try it")

    sudo, apt = machine.said_to_apt()
    assert sudo.startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get install")
    assert apt == f"{INSTALL} xvfb"


def test_another_system_is_told_what_to_install(machine: Machine) -> None:
    machine.os_release.write_text("ID=fedora\n", encoding="utf-8")

    with pytest.raises(Missing, match=r"Needed to try it: krita xvfb .*package manager"):
        system.need(["krita", "xvfb"], "to try it")
    assert machine.said_to_apt() == []


def test_without_dpkg_the_commands_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "krita").write_text("", encoding="utf-8")
    (tmp_path / "krita").chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert system.missing(["krita", "xvfb", "fonts-dejavu-core"]) == ["xvfb"]
