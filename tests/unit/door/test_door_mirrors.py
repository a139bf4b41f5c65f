"""The mirror that this machine uses is read from apt's own sources, however they are written."""

from __future__ import annotations

from pathlib import Path

import pytest

from krita_AIhorde.door import mirrors

CLASSIC = """\
# deb http://commented.example/debian trixie main
deb-src http://sources.example/debian trixie main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] https://chosen.example/debian/ bookworm main contrib
deb http://second.example/debian bookworm main
"""
DEB822 = """\
Types: deb
# a comment between the fields
URIs: http://chosen.example/debian
 http://second.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBF
 -----END PGP PUBLIC KEY BLOCK-----
"""


def apt(folder: Path, **files: str) -> Path:
    (folder / "sources.list.d").mkdir()
    for name, text in files.items():
        place = folder / "sources.list" if name == "list" else folder / "sources.list.d" / f"own.{name}"
        place.write_text(text, encoding="utf-8")
    return folder


def test_a_machine_without_sources_uses_debians_own_address(tmp_path: Path) -> None:
    assert mirrors.mirror(tmp_path / "nowhere") == mirrors.DEFAULT


def test_a_line_is_read_with_its_options(tmp_path: Path) -> None:
    assert mirrors.mirror(apt(tmp_path, list=CLASSIC)) == "https://chosen.example/debian"


def test_paragraphs_are_read_with_their_continued_fields(tmp_path: Path) -> None:
    assert mirrors.mirror(apt(tmp_path, sources=DEB822)) == "http://chosen.example/debian"
    (source,) = mirrors.sources(tmp_path)
    assert source.addresses == ("http://chosen.example/debian", "http://second.example/debian")
    assert source.suites == ("bookworm", "bookworm-updates")


@pytest.mark.parametrize(
    "other",
    [
        "Types: deb\nEnabled: no\nURIs: http://off.example/debian\nSuites: trixie\nComponents: main\n",
        "Types: deb-src\nURIs: http://src.example/debian\nSuites: trixie\nComponents: main\n",
        "Types: deb\nURIs: http://vendor.example/linux/debian\nSuites: trixie\nComponents: stable\n",
        "Types: deb\nURIs: http://browser.example/deb\nSuites: stable\nComponents: main\n",
        "Types: deb\nURIs: http://safe.example/debian-security\nSuites: trixie-security\nComponents: main\n",
        "Types: deb\nURIs: mirror+file:/etc/mirrors/debian\nSuites: trixie\nComponents: main\n",
        "no paragraph at all",
    ],
)
def test_what_is_not_debians_whole_archive_is_passed_by(tmp_path: Path, other: str) -> None:
    assert mirrors.mirror(apt(tmp_path, sources=f"{other}\n{DEB822}")) == "http://chosen.example/debian"
