"""What a model needs, in a sentence."""

from __future__ import annotations

from krita_AIhorde import settings as s
from krita_AIhorde.horde.advice import Advice
from krita_AIhorde.qt import tr


def advice_text(advice: tuple[Advice, ...]) -> str:
    """Names the controls and the values that they should have."""
    wishes = ", ".join(_wish(item) for item in advice)
    return tr("This model does better with: {0}.").format(wishes)


def _wish(advice: Advice) -> str:
    setting = next(setting for setting in s.ALL if setting.api == f"params.{advice.field}")
    label, wanted = tr(setting.label), advice.wanted
    if isinstance(wanted, bool):
        return tr("{0} on").format(label) if wanted else tr("{0} off").format(label)
    names = {option.value: tr(option.label) for option in setting.options}
    return f"{label} {names.get(str(wanted), f'{wanted:g}' if isinstance(wanted, float) else wanted)}"
