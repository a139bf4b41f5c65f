"""An installed plugin with packages that tell whose they are, and a Python like Krita's that loads it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

from krita_AIhorde import vendoring
from krita_AIhorde.door import system

PURE = ("certifi", "attrs", "cattrs", "tenacity", "aiolimiter", "filelock", "aiohttp", "qasync")
REQUIREMENTS = """
dependencies = [
    "qasync>=0.25,<0.29",
    "aiohttp>=3.10,<4",
    "PyQt5>=5.15.9",
    "Pillow>=11",
    "filelock>=3.20,<4",
    "certifi",
]
"""
VERSIONS = {"qasync": "0.28.0", "aiohttp": "3.14.5", "filelock": "3.32.7"}


def write_package(folder: Path, name: str, version: str, owner: str) -> None:
    """A package ``name`` that knows whose copy it is, with the metadata that pip leaves beside it."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text(f"owner = {owner!r}\n", encoding="utf-8")
    if name == "PIL":
        (folder / name / "Image.py").write_text("", encoding="utf-8")
    info = folder / f"{'pillow' if name == 'PIL' else name}-{version}.dist-info"
    info.mkdir()
    project = "pillow" if name == "PIL" else name
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n", "utf-8")


def write_archive(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "part"
    with zipfile.ZipFile(part, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    digest = hashlib.sha256(part.read_bytes()).hexdigest()[:12]
    tag = f"{vendoring.python_tag()}-{vendoring.platform_name()}"
    return part.rename(folder / f"pillow-{tag}-{digest}.zip")


PILLOW = {"PIL/__init__.py": "owner = 'ours'\n", "PIL/Image.py": "", "pillow.libs/libwebp.so": "x" * 1000}


def in_krita(package: Path, code: str, first: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``code`` in a Python that has only what the test gives it; ``first`` leads its path."""
    prelude = f"""
import sys, pathlib
sys.path.append({str(system.CHECKOUT)!r})
if {first is not None}: sys.path.insert(0, {str(first)!r})
from krita_AIhorde import archives, vendoring
package, data = pathlib.Path({str(package)!r}), pathlib.Path({str(package.parent / "data")!r})
"""
    return subprocess.run(
        [sys.executable, "-S", "-I", "-c", prelude + textwrap.dedent(code)],
        check=False,
        capture_output=True,
        text=True,
    )


def says(answer: subprocess.CompletedProcess[str]) -> str:
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()
