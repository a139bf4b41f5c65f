"""Where the benchmarks are played: Kritas with the plugin, and Kritas without, otherwise the same."""

from __future__ import annotations

import itertools
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from krita_AIhorde.door import install, krita, kritarc, profile, scenario
from krita_AIhorde.door import practice as practice_process

SCENARIOS = Path(__file__).with_name("scenarios")


@dataclass
class Bench:
    """``folder`` takes profiles and logs; ``runs`` is how often each thing is measured."""

    folder: Path
    display: str
    runs: int
    _numbers: Any = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        prepared = scenario.prepare(self.folder / "home", self.display)
        found = krita.executable()
        install.install(prepared.places, pythons=install.pythons_for(found), python=krita.python_of(found))
        self.with_plugin = prepared
        self.without = profile.copy(prepared, self.folder / "home-without")
        before = self.without.kritarc.read_bytes()
        self.without.kritarc.write_bytes(kritarc.forget(before, install.PLUGIN))

    def play(self, name: str, where: profile.Profile, **env: str) -> dict[str, Any]:
        """What the scenario has measured. Raises RuntimeError when it failed."""
        folder = self.folder / f"run-{next(self._numbers)}"
        folder.mkdir()
        with practice_process.horde(Path(sys.executable), log=folder / "practice.log") as url:
            verdict = scenario.play(
                where,
                SCENARIOS / f"{name}.py",
                folder=folder,
                display=self.display,
                env={"AIHORDE_API_URL": url, **env},
                timeout=240.0,
            )
        if not verdict["ok"] or verdict["exit_code"] != 0:
            raise RuntimeError(f"{name}: {verdict['error'] or verdict['exit_code']}")
        data: dict[str, Any] = verdict["data"]
        return data

    def pairs(self, name: str, **env: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The scenario with and without the plugin, in turns: what else the machine does hits both."""
        ours, bare = [], []
        for _ in range(self.runs):
            bare.append(self.play(name, self.without, **env))
            ours.append(self.play(name, self.with_plugin, **env))
        return ours, bare
