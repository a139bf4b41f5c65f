"""The plugin's folder that the tests of vendoring share."""

from __future__ import annotations

import shutil
from pathlib import Path

import packaging
import pytest
from plugin_folder import PILLOW, PURE, REQUIREMENTS, VERSIONS, write_archive, write_package


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """An installed plugin with all that travels along."""
    folder = tmp_path / "krita_AIhorde"
    for name in PURE:
        write_package(folder / "vendor", name, VERSIONS.get(name, "99.0"), "ours")
    # The real one: it is what judges the others.
    shutil.copytree(Path(packaging.__file__).parent, folder / "vendor" / "packaging")
    write_archive(folder / "vendor-pillow", PILLOW)
    (folder / "pyproject.toml").write_text(REQUIREMENTS, encoding="utf-8")
    return folder
