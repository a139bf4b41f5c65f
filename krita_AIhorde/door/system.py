"""What machine this is, and getting from its package manager what is missing, said before it is done."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

# Everything that a Krita without a screen needs. python3-pyqt5: without it Krita loads no plugin at all.
KRITA = (
    "krita",
    "python3-pyqt5",
    "xvfb",
    "xdotool",
    "imagemagick",
    "fonts-dejavu-core",
)
# And what the tests need besides: the sources of other languages, in which they start Krita.
TESTS = (*KRITA, "locales")
_COMMANDS = {"krita": "krita", "xvfb": "Xvfb", "xdotool": "xdotool", "imagemagick": "import", "sudo": "sudo"}
# dpkg draws its progress on a terminal of its own, which a bare machine may not have.
_PLAIN = ("-o", "Dpkg::Use-Pty=0")
_OS_RELEASE = Path("/etc/os-release")
_APT_LISTS = Path("/var/lib/apt/lists")


class DoorError(Exception):
    """Something that the person at the door can act on; the text says what happened and what to do."""


class Missing(DoorError):
    """Something must be installed that we cannot install ourselves."""


def say(text: str) -> None:
    """A line for the person at the door, written at once: before the output of what it announces."""
    print(text, flush=True)


def is_debian() -> bool:
    """Debian, or a child of it (Ubuntu, Mint), with apt."""
    try:
        release = _OS_RELEASE.read_text(encoding="utf-8")
    except OSError:
        return False
    values = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    families = f"{values.get('ID', '')} {values.get('ID_LIKE', '')}".replace('"', "").split()
    return "debian" in families and shutil.which("apt-get") is not None


def need(packages: Iterable[str], reason: str) -> None:
    """See that Debian's ``packages`` are installed; say which are not and why before installing them.

    Raises Missing, naming what to install, where there is no apt or no right to use it, and DoorError when
    apt fails.
    """
    absent = missing(packages)
    if not absent:
        return
    names = " ".join(absent)
    if not is_debian():
        raise Missing(
            f"Needed {reason}: {names} (these are Debian's names). "
            f"Install them with this system's package manager, then run this again."
        )
    install = ["apt-get", "install", "--yes", "--no-install-recommends", "-qq", *_PLAIN, *absent]
    rights = _rights()
    if rights is None:
        raise Missing(f"Needed {reason}: {names}. Run as root: {' '.join(install)}")
    say(f"Installing {names} ({reason})")
    # sudo drops the environment, so env sets it on the other side.
    apt = [*rights, "env", "DEBIAN_FRONTEND=noninteractive"]
    update = [*apt, "apt-get", "update", "-qq"]
    stale = any(_APT_LISTS.glob("*_Packages*"))
    if not stale:
        _run(update)
    done = _run([*apt, *install]) == 0
    if not done and stale:  # old lists name versions that the archive no longer has
        done = _run(update) == 0 and _run([*apt, *install]) == 0
    if not done:
        raise DoorError(f"apt-get could not install {names}. What it said stands above.")


def missing(packages: Iterable[str]) -> list[str]:
    """Those of ``packages`` that are not installed.

    Without dpkg a package counts as present if its command is, or if it has none.
    """
    wanted = list(packages)
    if shutil.which("dpkg-query") is None:
        return [name for name in wanted if name in _COMMANDS and shutil.which(_COMMANDS[name]) is None]
    query = ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *wanted]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)
    status = dict(line.split(" ", 1) for line in answer.stdout.splitlines() if " " in line)
    return [name for name in wanted if status.get(name) != "installed"]


def _rights() -> list[str] | None:
    """What to put before a command to run it as root; None if there is no way."""
    if os.geteuid() == 0:
        return []
    return ["sudo"] if shutil.which("sudo") else None


def _run(command: list[str]) -> int:
    return subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL if os.geteuid() == 0 else None
    ).returncode
