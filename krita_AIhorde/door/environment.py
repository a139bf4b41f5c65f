"""The project's own virtual environment: ``.venv`` in the checkout, made by the Python that runs the door."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from . import system
from .system import DoorError, Missing, say

FOLDER = system.CHECKOUT / ".venv"
_STAMP = "made-from"

# Run by the environment's own Python: 3.10 has no tomllib, but its pip brings the same reader along.
_LIST = """
import sys
try:
    import tomllib
except ImportError:
    from pip._vendor import tomli as tomllib
with open(sys.argv[1], "rb") as file:
    project = tomllib.load(file)["project"]
print("\\n".join(project["dependencies"] + project["optional-dependencies"]["dev"]))
"""


def python(folder: Path = FOLDER) -> Path:
    """The environment's Python."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def bare(folder: Path = FOLDER) -> Path:
    """See that the environment exists, with pip and nothing more; return its Python."""
    if _works(folder):
        return python(folder)
    _need_venv()
    say(f"Making a virtual environment in {folder}")
    shutil.rmtree(folder, ignore_errors=True)
    _check([sys.executable, "-m", "venv", str(folder)], "The virtual environment could not be made.")
    return python(folder)


def ready(folder: Path = FOLDER, checkout: Path = system.CHECKOUT) -> Path:
    """See that the environment has all that pyproject.toml lists; return its Python.

    pip runs with the machine's own configuration. It is asked again only when pyproject.toml or the Python
    has changed. Raises DoorError.
    """
    interpreter = bare(folder)
    project = checkout / "pyproject.toml"
    stamp = folder / _STAMP
    wanted = hashlib.sha256(project.read_bytes() + sys.version.encode()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return interpreter
    listed = subprocess.run(
        [str(interpreter), "-c", _LIST, str(project)], check=True, capture_output=True, text=True
    ).stdout
    requirements = folder / "requirements.txt"
    requirements.write_text(listed, encoding="utf-8")
    say(f"Installing {len(listed.split())} Python packages and what they need into {folder}")
    pip(interpreter, ["install", "--quiet", "--requirement", str(requirements)])
    stamp.write_text(wanted, encoding="ascii")
    return interpreter


def pip(interpreter: Path, arguments: list[str]) -> None:
    """Run the environment's pip. Raises DoorError when it fails."""
    command = [str(interpreter), "-m", "pip", "--disable-pip-version-check", *arguments]
    _check(command, "pip failed. What it said stands above.")


def _works(folder: Path) -> bool:
    """Whether the environment is there and runs: a distribution may have replaced the Python it leans on."""
    if not python(folder).exists():
        return False
    probe = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([str(python(folder)), "-c", probe], check=False, capture_output=True, text=True)
    return answer.stdout.strip() == "{}.{}".format(*sys.version_info[:2])


def _need_venv() -> None:
    # Debian splits its Python: `venv` imports, but cannot work without ensurepip from another package.
    if _has_ensurepip():
        return
    if system.is_debian() and Path(sys.base_prefix) == Path("/usr"):
        system.need(["python3-venv"], "to make the project's own Python environment")
    if not _has_ensurepip():
        raise Missing(f"{sys.executable} has no venv and ensurepip. Use a Python that has both.")


def _has_ensurepip() -> bool:
    # Asked of a fresh process: this one may have remembered that it was not there.
    return (
        subprocess.run(
            [sys.executable, "-c", "import venv, ensurepip"], check=False, capture_output=True
        ).returncode
        == 0
    )


def _check(command: list[str], complaint: str) -> None:
    if subprocess.run(command, check=False).returncode != 0:
        raise DoorError(complaint)
