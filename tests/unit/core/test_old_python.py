"""What an old Krita reads of the plugin must be in words that its Python knows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[3] / "krita_AIhorde"


@pytest.mark.parametrize("name", ["__init__.py", "oldhost.py", "qt.py"])
def test_python_3_8_can_read_it(name: str) -> None:
    ast.parse((PACKAGE / name).read_text("utf-8"), feature_version=(3, 8))


def test_the_rest_is_newer() -> None:
    """Else the test above would prove nothing."""
    with pytest.raises(SyntaxError):
        ast.parse("match x:\n    case 1: pass\n", feature_version=(3, 8))
