"""Krita's folders are found on every platform and packaging."""

from __future__ import annotations

from pathlib import Path

import pytest

from krita_AIhorde.door import places
from krita_AIhorde.door.places import Places

HOME = Path("/home/artist")


@pytest.mark.parametrize(
    ("platform", "environ", "wanted"),
    [
        (
            "linux",
            {"XDG_DATA_HOME": "/data", "XDG_CONFIG_HOME": "/config"},
            Places(Path("/data/krita/pykrita"), Path("/config/kritarc")),
        ),
        (
            "linux",
            {},
            Places(HOME / ".local/share/krita/pykrita", HOME / ".config/kritarc"),
        ),
        (
            "win32",
            {"APPDATA": "/roaming", "LOCALAPPDATA": "/local"},
            Places(Path("/roaming/krita/pykrita"), Path("/local/kritarc")),
        ),
        (
            "darwin",
            {},
            Places(HOME / "Library/Application Support/krita/pykrita", HOME / "Library/Preferences/kritarc"),
        ),
    ],
)
def test_where_krita_looks_for_plugins(platform: str, environ: dict[str, str], wanted: Places) -> None:
    assert places.places({"HOME": str(HOME), "PATH": "", **environ}, platform) == wanted


def test_a_flatpak_is_found_where_no_other_krita_is(tmp_path: Path) -> None:
    flatpak = tmp_path / ".var" / "app" / "org.kde.krita"
    flatpak.mkdir(parents=True)

    found = places.places({"HOME": str(tmp_path), "PATH": ""}, "linux")
    assert found == Places(flatpak / "data/krita/pykrita", flatpak / "config/kritarc")

    (tmp_path / ".local/share/krita").mkdir(parents=True)
    found = places.places({"HOME": str(tmp_path), "PATH": ""}, "linux")
    assert found.pykrita == tmp_path / ".local/share/krita/pykrita"


def test_the_artist_s_own_resource_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "kritarc").write_text("ResourceDirectory=/mnt/art\n", encoding="utf-8")

    found = places.places({"HOME": str(tmp_path), "PATH": ""}, "linux")

    assert found == Places(Path("/mnt/art/pykrita"), tmp_path / ".config" / "kritarc")
