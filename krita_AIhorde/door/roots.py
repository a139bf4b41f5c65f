"""Debian systems of their own, each with another Krita, in which the tests can run.

A root is a folder: ``system`` (what debootstrap made), ``enter`` (a script that becomes a command inside of
it), and ``bin/krita`` and ``bin/python3.N`` (scripts that enter). Whoever finds that ``bin`` first on the
PATH has that Krita as if it were this machine's: with the same process id, display, temporary folder and
checkout.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from . import krita, mirrors, system
from .system import DoorError, Missing, say

if sys.platform != "win32":
    import fcntl

FOLDER = system.CHECKOUT / ".cache" / "roots"
TOOLS = ("debootstrap", "debian-archive-keyring")
HOST = tuple(name for name in system.TESTS if not name.startswith(("krita", "python3-")))
"""What stays this machine's part: the display, and looking at it."""
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# debootstrap's script for Debian as it is now. An older debootstrap has no script under a newer suite's name.
_SCRIPT = "/usr/share/debootstrap/scripts/sid"
_STAMP = "made.json"


@dataclass(frozen=True)
class Recipe:
    """What a root is made of. ``on_top`` is a suite that Krita is taken from where ``suite`` has an older."""

    name: str
    suite: str
    packages: tuple[str, ...]
    on_top: str = ""


# xdotool: what the scenarios paint and click with.
_PLAIN = ("krita", "fonts-dejavu-core", "xdotool")
RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("trixie", "trixie", (*_PLAIN, "python3-pyqt5")),
        Recipe("forky", "forky", (*_PLAIN, "python3-pyqt5")),
        # Debian builds Krita 6 there, against Qt 6; what it needs beside comes from sid. Its icons are SVG,
        # which Qt 6 reads by a package that apt takes along only where recommended ones are wanted.
        Recipe("experimental", "sid", (*_PLAIN, "python3-pyqt6", "qt6-svg-plugins"), on_top="experimental"),
    )
}

# Every step is an exec, so that the process is Krita's own: who stops, ends or kills it means Krita. The
# mounts are in a namespace that goes with the process, however that ends. The checkout is bound first and
# alone: the root lies in it, and a recursive bind would take the root's own mounts along.
ENTER = """#!/bin/sh
set -e
here=$(dirname "$(readlink -f "$0")")
if [ "$1" != --inside ]; then
    exec unshare --mount --propagation private "$here/enter" --inside "$@"
fi
shift
root=$here/system
checkout=$(readlink -f "$here/../../..")
mkdir -p "$root$checkout"
mount --bind "$checkout" "$root$checkout"
for folder in /proc /sys /dev "${TMPDIR:-/tmp}"; do
    mkdir -p "$root$folder"
    mount --rbind "$folder" "$root$folder"
done
exec chroot "$root" /bin/sh -c '
    PATH=/usr/sbin:/usr/bin:/sbin:/bin
    cd "$0" 2>/dev/null || cd /
    exec "$@"
' "$PWD" "$@"
"""
PROGRAM = """#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/../enter" {name} "$@"
"""


@dataclass(frozen=True)
class Root:
    """A finished root."""

    folder: Path

    @property
    def path(self) -> Path:
        """What to put first on the PATH."""
        return self.folder / "bin"

    @property
    def krita(self) -> Path:
        return self.path / "krita"

    def output(self, *command: str) -> str:
        """What ``command`` prints in there. Raises DoorError when it fails."""
        answer = subprocess.run(
            [str(self.folder / "enter"), *command], check=False, capture_output=True, text=True
        )
        if answer.returncode != 0:
            raise DoorError(f"{' '.join(command)} failed in {self.folder}: {answer.stderr.strip()[-500:]}")
        return answer.stdout.strip()


@contextlib.contextmanager
def root(name: str, folder: Path = FOLDER) -> Iterator[Root]:
    """The root of that name, made if it is not there; nobody rebuilds it as long as the context lives.

    Raises Missing where this machine or this person cannot make or enter one, and DoorError when making it
    fails, with what to do.
    """
    recipe = RECIPES[name]
    check_rights()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{name}.lock").open("w") as lock:
        made = folder / name
        fcntl.flock(lock, fcntl.LOCK_SH)
        if not _is_made(made, recipe):
            # Not in one step: of two that wait for each other's shared lock, none would ever get on.
            fcntl.flock(lock, fcntl.LOCK_UN)
            _wait_for(lock, f"Another run is making or using the Debian system of {name}; waiting for it")
            if not _is_made(made, recipe):
                _make(recipe, made, lock)
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield Root(made)


def stamp(recipe: Recipe) -> str:
    """What a root that was made from this recipe, with these scripts, is known by."""
    text = json.dumps([asdict(recipe), ENTER, PROGRAM], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def bootstrap(recipe: Recipe, target: Path, mirror: str) -> list[str]:
    """The command that makes the bare system. Its signature is checked, or it fails.

    In a mount namespace of its own: if debootstrap is cut off, its mounts are gone, and the folder can be
    deleted without touching what was mounted there.
    """
    checked = [f"--keyring={KEYRING}", "--force-check-gpg"]
    secure = ["--include=ca-certificates"] if mirror.startswith("https:") else []
    make = ["debootstrap", "--variant=minbase", *checked, *secure, recipe.suite, str(target), mirror, _SCRIPT]
    return ["unshare", "--mount", "--propagation", "private", *make]


def sources(recipe: Recipe, mirror: str) -> str:
    """The system's /etc/apt/sources.list."""
    suites = [recipe.suite, recipe.on_top] if recipe.on_top else [recipe.suite]
    return "".join(f"deb {mirror} {suite} main\n" for suite in suites)


def installation(recipe: Recipe) -> list[list[str]]:
    """The commands that bring Krita, run inside once apt has its lists."""
    newest = ["--target-release", recipe.on_top] if recipe.on_top else []
    quiet = ["--yes", "--no-install-recommends", "-qq", "-o", "Dpkg::Use-Pty=0"]
    return [
        ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", *quiet, *newest, *recipe.packages],
        ["apt-get", "clean"],
        ["sh", "-c", "rm -rf /var/lib/apt/lists/*"],
    ]


def write_programs(folder: Path) -> None:
    """Write the scripts that enter ``folder/system``."""
    (folder / "bin").mkdir(exist_ok=True)
    _script(folder / "enter", ENTER)
    _script(folder / "bin" / "krita", PROGRAM.format(name="/usr/bin/krita"))
    # As beside any Krita: its Python is told from the plugin host below lib.
    lib = folder / "lib"
    if not lib.is_symlink():
        lib.symlink_to(Path("system") / "usr" / "lib")
    version = krita.python_version(folder / "bin" / "krita")
    if version is not None:
        name = f"python{version}"
        _script(folder / "bin" / name, PROGRAM.format(name=f"/usr/bin/{name}"))


def _script(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)


def check_rights() -> None:
    """Raises Missing where no root can be made or entered."""
    if shutil.which("unshare") is None or os.name != "posix":
        raise Missing("Another Krita is tested in a Debian system of its own, which needs Linux (unshare).")
    if os.geteuid() != 0:
        raise Missing(
            "Another Krita is tested in a Debian system of its own, and only root can make and enter one. "
            "Run this again as root (sudo python3 krita_AIhorde.py test --krita …)."
        )


def _wait_for(lock: IO[str], words: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(words)
        fcntl.flock(lock, fcntl.LOCK_EX)


def _is_made(folder: Path, recipe: Recipe) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return bool(json.loads((folder / _STAMP).read_text("utf-8"))["recipe"] == stamp(recipe))
    return False


def _make(recipe: Recipe, target: Path, lock: IO[str]) -> None:
    """Make the root beside its place, and put it there when it is whole.

    Those who do the work hold the lock, too: if this process is killed, the next waits until they are gone.
    """
    system.need(TOOLS, f"to make a Debian system of {recipe.name}")
    for left in target.parent.glob(f".{recipe.name}-*"):  # of a run that was cut off
        _remove(left)
    mirror = mirrors.mirror()
    fresh = Path(tempfile.mkdtemp(prefix=f".{recipe.name}-", dir=target.parent))
    fresh.chmod(0o755)
    log = target.parent / f"{recipe.name}.log"
    say(f"Making a Debian system ({recipe.suite}) with its Krita in {target}; this takes some minutes")
    try:
        with log.open("wb") as output:
            _do(bootstrap(recipe, fresh / "system", mirror), output, lock)
            listed = fresh / "system" / "etc" / "apt" / "sources.list"
            listed.write_text(sources(recipe, mirror), encoding="utf-8")
            write_programs(fresh)
            _update(fresh, output, lock)
            for command in installation(recipe):
                _do([str(fresh / "enter"), *command], output, lock)
            write_programs(fresh)  # now that Krita tells which Python is its
        (fresh / _STAMP).write_text(json.dumps({"recipe": stamp(recipe)}), encoding="utf-8")
        if target.exists():
            _remove(target)
        fresh.rename(target)
    finally:
        if fresh.exists():
            _remove(fresh)


def _update(fresh: Path, output: IO[bytes], lock: IO[str]) -> None:
    """Fetch apt's lists. Those of testing and unstable are good for a week; a mirror may lag behind more."""
    update = [str(fresh / "enter"), "apt-get", "update", "-qq"]
    # apt ends with 0 although it refused a list, unless it is told otherwise.
    strict = ["-o", "APT::Update::Error-Mode=any"]
    if _run([*update, *strict], output, lock) == 0:
        return
    if "is expired" not in _tail(Path(output.name), lines=30):
        raise DoorError(_complaint(update, Path(output.name)))
    say(
        "The mirror's lists of packages are older than Debian lets them be. Their signatures are checked "
        "all the same; only their age is overlooked in this system."
    )
    _do([*update, *strict, "-o", "Acquire::Check-Valid-Until=false"], output, lock)


def _do(command: list[str], output: IO[bytes], lock: IO[str]) -> None:
    if _run(command, output, lock) != 0:
        raise DoorError(_complaint(command, Path(output.name)))


def _run(command: list[str], output: IO[bytes], lock: IO[str]) -> int:
    with krita.group(command, stdout=output, pass_fds=(lock.fileno(),)) as process:
        return process.wait()


def _complaint(command: list[str], log: Path) -> str:
    return (
        f"{' '.join(command)} failed ({log}):\n{_tail(log)}\n"
        "If it is about a signature, this machine's debian-archive-keyring is too old: install a newer one."
    )


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-lines:])


def _remove(folder: Path) -> None:
    """Delete a root, but never what may be mounted in it."""
    subprocess.run(["rm", "-rf", "--one-file-system", "--", str(folder)], check=True)
