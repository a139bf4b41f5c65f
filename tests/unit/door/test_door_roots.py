"""A Debian with another Krita: made whole or not at all, checked, and entered by the very same process.

Making and entering a real one is what ``test --krita`` does; here stand-ins take the place of debootstrap,
``unshare``, ``mount`` and ``chroot``.
"""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from krita_AIhorde.door import environment, krita, mirrors, othertests, roots, system
from krita_AIhorde.door.system import DoorError, Missing

MIRROR = "http://mirror.example/debian"
# What debootstrap leaves, as far as anybody looks; the target is the last but two.
DEBOOTSTRAP = """
echo "$@" >> "$HERE/calls"
[ -e "$HERE/broken" ] && echo "E: Release signed by unknown key" && exit 1
for last; do :; done
while [ $# -gt 3 ]; do shift; done
mkdir -p "$1/etc/apt" "$1/usr/lib/kritaplugins" "$1/usr/bin"
printf 'ELF libpython3.13.so.1.0' > "$1/usr/lib/kritaplugins/kritapykrita.so"
"""
UNSHARE = """
while [ "${1#--}" != "$1" ] || [ "$1" = private ]; do shift; done
exec "$@"
"""
CHROOT = """
echo "chroot $*" >> "$HERE/calls"
case "$*" in *"apt-get update"*)
    case "$*" in *Check-Valid-Until=false*) ;; *)
        [ -e "$HERE/expired" ] && echo "E: Release file is expired (invalid since 2 d)" && exit 100 ;;
    esac ;;
esac
[ "$2" = /bin/sh ] && shift 5 && case $1 in show-pid) echo $$ ;; esac
true
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of stand-ins' notes; roots are made in ``machine / "roots"``."""
    programs = tmp_path / "programs"
    programs.mkdir()
    scripts = {
        "debootstrap": DEBOOTSTRAP,
        "unshare": UNSHARE,
        "chroot": CHROOT,
        "mount": 'echo "mount $*" >> "$HERE/calls"',
    }
    for name, script in scripts.items():
        (programs / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (programs / name).chmod(0o700)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setenv("HERE", str(tmp_path))
    monkeypatch.setattr(roots.os, "geteuid", lambda: 0)
    monkeypatch.setattr(system, "need", lambda packages, reason: None)
    monkeypatch.setattr(mirrors, "mirror", lambda: MIRROR)
    return tmp_path


def calls(machine: Path) -> list[str]:
    file = machine / "calls"
    return file.read_text("utf-8").splitlines() if file.exists() else []


def place(machine: Path) -> Path:
    # As deep as in a checkout, which the scripts look for three folders up.
    return machine / "checkout" / ".cache" / "roots"


def test_only_root_on_linux_gets_one(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roots.os, "geteuid", lambda: 1000)
    with pytest.raises(Missing, match="as root"), roots.root("trixie", place(machine)):
        pass
    monkeypatch.setenv("PATH", str(machine / "nowhere"))
    with pytest.raises(Missing, match="needs Linux"), roots.root("trixie", place(machine)):
        pass
    assert calls(machine) == []


def test_a_root_is_made_once_and_found_as_a_krita_on_the_path(machine: Path) -> None:
    for _ in range(2):
        with roots.root("trixie", place(machine)) as root:
            assert root.folder == place(machine) / "trixie"
    assert sum("--variant=minbase" in call for call in calls(machine)) == 1
    assert krita.python_version(root.krita) == "3.13"
    assert krita.python_of(root.krita) == root.path / "python3.13"
    assert (root.folder / "system/etc/apt/sources.list").read_text("utf-8") == f"deb {MIRROR} trixie main\n"
    path = othertests.surroundings(root, {"PATH": "/usr/bin"})["PATH"]
    assert path == f"{root.path}{os.pathsep}/usr/bin"


def test_the_signature_is_checked_whatever_the_recipe() -> None:
    for recipe in roots.RECIPES.values():
        command = roots.bootstrap(recipe, Path("/target"), MIRROR)
        assert "--force-check-gpg" in command
        assert f"--keyring={roots.KEYRING}" in command
        assert not [word for word in command if word.startswith("--no-check")]
        said = str(roots.installation(recipe))
        assert "unauthenticated" not in said.lower()
        assert "insecure" not in said.lower()


def test_krita_6_comes_from_experimental_on_top_of_sid() -> None:
    recipe = roots.RECIPES["experimental"]
    assert roots.sources(recipe, MIRROR) == f"deb {MIRROR} sid main\ndeb {MIRROR} experimental main\n"
    install = roots.installation(recipe)[0]
    assert install[install.index("--target-release") + 1] == "experimental"
    assert {"krita", "python3-pyqt6"} < set(install)
    assert "python3-pyqt5" not in install


def test_an_interrupted_one_is_made_anew_and_nothing_half_done_stays(machine: Path) -> None:
    (machine / "broken").touch()
    complaint = pytest.raises(DoorError, match=r"unknown key[\s\S]*debian-archive-keyring is too old")
    with complaint, roots.root("trixie", place(machine)):
        pass
    assert not (place(machine) / "trixie").exists()
    assert list(place(machine).glob(".trixie-*")) == []
    (place(machine) / ".trixie-left").mkdir()  # by a run that was killed
    (machine / "broken").unlink()
    with roots.root("trixie", place(machine)):
        assert not (place(machine) / ".trixie-left").exists()


def test_another_recipe_makes_it_anew(machine: Path) -> None:
    with roots.root("trixie", place(machine)) as root:
        (root.folder / "made.json").write_text(json.dumps({"recipe": "of old"}), "utf-8")
        (root.folder / "stale").touch()
    with roots.root("trixie", place(machine)) as root:
        assert not (root.folder / "stale").exists()


def test_lists_that_are_too_old_are_used_and_said_to_be(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (machine / "expired").touch()
    with roots.root("forky", place(machine)):
        pass
    assert "older than Debian lets them be" in capsys.readouterr().out
    updates = [call for call in calls(machine) if "apt-get update" in call]
    assert ["Check-Valid-Until" in call for call in updates] == [False, True]


def test_nobody_makes_one_that_another_run_makes_or_uses(
    machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place(machine).mkdir(parents=True)
    entered = threading.Event()

    def second() -> None:
        with roots.root("trixie", place(machine)):
            entered.set()

    with (place(machine) / ".trixie.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_SH)
        waiting = threading.Thread(target=second)
        waiting.start()
        assert not entered.wait(0.3)
        assert calls(machine) == []
    waiting.join(20)
    assert entered.is_set()
    assert "waiting for it" in capsys.readouterr().out


def test_what_is_started_in_there_is_the_process_that_was_started(machine: Path) -> None:
    with roots.root("trixie", place(machine)) as root:
        started = subprocess.Popen(
            [str(root.folder / "enter"), "show-pid"], stdout=subprocess.PIPE, text=True
        )
        said, _ = started.communicate(timeout=20)
    assert int(said) == started.pid
    binds = [call.split()[2] for call in calls(machine) if call.startswith("mount")]
    assert str(machine / "checkout") in binds
    assert {"/proc", "/dev"} < set(binds)


JUNIT = """<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests">
<testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="12.5"></testsuite>
</testsuites>"""


def test_the_report_is_counted() -> None:
    assert othertests.count(JUNIT) == othertests.Counts(passed=4, failed=3, skipped=3, seconds=12.5)


def test_a_run_in_which_nothing_passed_is_no_success() -> None:
    assert othertests.Counts(passed=1, failed=0, skipped=2, seconds=1).well
    assert not othertests.Counts(passed=1, failed=1, skipped=0, seconds=1).well
    assert not othertests.Counts(passed=0, failed=0, skipped=3, seconds=1).well


def test_the_widgets_find_pyqt6_and_no_pyqt5(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[list[str]] = []

    def pip(python: Path, arguments: list[str]) -> None:
        installed.append(arguments)
        package = Path(arguments[arguments.index("--target") + 1]) / "PyQt6"
        package.mkdir(parents=True)
        (package / "QtCore.py").write_text("", encoding="utf-8")

    monkeypatch.setattr(system, "need", lambda packages, reason: None)
    monkeypatch.setattr(environment, "pip", pip)
    for _ in range(2):
        there = othertests.with_pyqt6(Path(sys.executable), os.environ, tmp_path / "pyqt6")
    assert len(installed) == 1
    code = "import PyQt6.QtCore, krita_AIhorde\ntry: import PyQt5\nexcept ImportError: print('as in Krita 6')"
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=there)
    assert said.stdout.strip() == "as in Krita 6"
