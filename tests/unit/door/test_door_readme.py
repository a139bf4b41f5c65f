"""The README's tables of controls are those of the registry."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from krita_AIhorde import settings as s
from krita_AIhorde.door import readme
from krita_AIhorde.door.system import CHECKOUT, DoorError


def test_the_readme_says_what_the_registry_says() -> None:
    text = readme.FILE.read_text("utf-8")
    assert readme.with_tables(text) == text, "run: python3 -m krita_AIhorde.door.readme"


def test_every_control_has_its_line_under_its_section() -> None:
    parts = readme.tables().split("### ")[1:]
    for part, (section, headline) in zip(parts, s.SECTIONS.items(), strict=True):
        lines = part.splitlines()
        assert lines[0] == headline.label
        controls = [setting.label for setting in s.ALL if setting.section is section]
        assert [line.split(" | ")[0].removeprefix("| ") for line in lines[4:] if line] == controls
        assert all(line.count(" | ") == 2 for line in lines[4:] if line)


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        (s.STEPS, "| 20 (1 to 500) |"),
        (s.DENOISING_STRENGTH, "| 0.75 (0.01 to 1) |"),
        (s.MODEL, "| any model |"),
        (s.SAMPLER, "| Euler a |"),
        (s.SLOW_WORKERS, "| on |"),
        (s.UPSCALER, "| None |"),
    ],
    ids=lambda value: value.name if isinstance(value, s.Setting) else "",
)
def test_a_line_says_what_the_control_shows_at_first(setting: s.Setting[object], line: str) -> None:
    (row,) = [row for row in readme.tables().splitlines() if row.startswith(f"| {setting.label} | ")]
    assert row.endswith(line)


def test_a_readme_without_a_place_for_them_is_left_alone() -> None:
    with pytest.raises(DoorError):
        readme.with_tables(f"text {readme.END} and {readme.START}")


def test_it_runs_with_nothing_but_python(tmp_path: Path) -> None:
    """On a copy: without site-packages, as at the front door."""
    place = tmp_path / "checkout"
    package = place / "krita_AIhorde"
    for folder in ("door", "settings"):
        for file in (CHECKOUT / "krita_AIhorde" / folder).glob("*.py"):
            (package / folder).mkdir(parents=True, exist_ok=True)
            (package / folder / file.name).write_bytes(file.read_bytes())
    (package / "__init__.py").write_bytes((CHECKOUT / "krita_AIhorde/__init__.py").read_bytes())
    (place / "README.md").write_text(f"before\n{readme.START}\nold\n{readme.END}\nafter\n", "utf-8")
    command = [sys.executable, "-S", "-B", "-m", "krita_AIhorde.door.readme"]
    for said in ("are new", "is as it was"):
        done = subprocess.run(command, cwd=place, env={}, capture_output=True, text=True, check=True)
        assert said in done.stdout
    text = (place / "README.md").read_text("utf-8")
    assert text == readme.with_tables(text)
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
