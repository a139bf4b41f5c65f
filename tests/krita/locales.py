"""Languages for a Krita under test, whatever the machine has installed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


def environment(folder: Path, language: str) -> dict[str, str]:
    """Variables under which a program speaks ``language`` ("de_DE"); without them the test is skipped."""
    name = f"{language}.UTF-8"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        made = subprocess.run(
            ["localedef", "-f", "UTF-8", "-i", language, str(folder / name)],
            check=False,
            capture_output=True,
            text=True,
        )
    except FileNotFoundError:
        pytest.skip("no localedef to make a language with (Debian: libc-bin)")
    if not (folder / name / "LC_CTYPE").is_file():  # without its sources it leaves an empty folder
        pytest.skip(f"{language} cannot be made (Debian: the package locales): {made.stderr}")
    return {"LC_ALL": name, "LOCPATH": str(folder)}
