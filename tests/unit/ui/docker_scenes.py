"""Dockers to look at, and palettes like Krita's: for `look.py` and for the test that nothing is clipped."""

from __future__ import annotations

import time

from attrs import evolve
from fake_studio import NO_SELECTION, READY, FakeStudio, job

from krita_AIhorde import settings as s
from krita_AIhorde.horde.problems import Kind, Problem
from krita_AIhorde.horde.updates import Update
from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.jobs.offer import Offer
from krita_AIhorde.jobs.snapshot import RowAction, Trouble
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.qt import QtCore, QtGui, QtWidgets
from krita_AIhorde.ui.theme import mix

MODELS = (
    ("Deliberate", 12), ("stable_diffusion", 9), ("AlbedoBase XL (SDXL)", 8), ("Dreamshaper", 6),
    ("ICBINP - I Can't Believe It's Not Photography", 3), ("Anything Diffusion", 2),
    ("Papercut Diffusion", 1),
)  # fmt: skip

JOBS = (
    job("7", JobState.WAITING, trouble=Trouble.TOO_MANY_JOBS),
    job("6", JobState.QUEUED, queue_position=12, eta=41, operation=Operation.INPAINT,
        prompt="a small red sailing boat, reflections on calm water", document_name="harbour at night.kra"),
    job("5", JobState.GENERATING, total=2, eta=8, generating=1),
    job("4", JobState.DOWNLOADING, total=4, finished=3, operation=Operation.IMG2IMG),
    job("3", JobState.KEPT, document_name="moodboard for the summer exhibition (final, really).kra",
        kept=1, actions=frozenset({RowAction.INSERT, RowAction.DISMISS})),
    job("2", JobState.FAILED, trouble=Trouble.KUDOS, total=4,
        detail="Due to heavy demand, for requests over 576x576 or over 50 steps, the client needs to already "
               "have the required kudos.",
        actions=frozenset({RowAction.SEND_AGAIN, RowAction.DISMISS})),
    job("1", JobState.DONE, total=4, finished=3, censored=1, rc="nsfw",
        actions=frozenset({RowAction.INSERT_AGAIN, RowAction.SEND_AGAIN, RowAction.DISMISS})),
)  # fmt: skip

TROUBLES = (
    job("26", JobState.WAITING, trouble=Trouble.IP_TIMEOUT, until=time.monotonic() + 161),
    job("25", JobState.QUEUED, trouble=Trouble.NO_WORKER, horde_id="b2e9",
        actions=frozenset({RowAction.CANCEL, RowAction.CHOOSE_MODEL, RowAction.ALLOW_SLOWER,
                           RowAction.LOWER_SIZE})),
    job("24", JobState.FAILED, trouble=Trouble.BAD_KEY, rc="InvalidAPIKey",
        detail="No user matching sent API Key.",
        actions=frozenset({RowAction.ENTER_KEY, RowAction.SEND_AGAIN, RowAction.DISMISS})),
    job("23", JobState.UNCERTAIN, trouble=Trouble.NO_ANSWER, detail="the connection broke off",
        actions=frozenset({RowAction.SEND_AGAIN, RowAction.DISMISS})),
    job("22", JobState.DONE, total=4, finished=3, lost=1, trouble=Trouble.IMAGE_LOST, horde_id="b2e9",
        unsafe=True,
        actions=frozenset({RowAction.FETCH_AGAIN, RowAction.SEND_AGAIN, RowAction.DISMISS})),
    job("21", JobState.KEPT, kept=1, finished=1, in_reach=True,
        document_name="a very long name of a document.kra",
        actions=frozenset({RowAction.INSERT, RowAction.DISMISS})),
    job("20", JobState.DONE, censored=1, csam=1, trouble=Trouble.CENSORED_CSAM,
        actions=frozenset({RowAction.SEND_AGAIN, RowAction.DISMISS})),
)  # fmt: skip

MESSAGE = "The selection is partly outside the canvas: only what lies on the canvas is sent."


OFFERS = {
    "generate": Offer(size=Extent(704, 512), kudos=9.0, seconds=41),
    "img2img": Offer(size=Extent(1024, 768), kudos=17.4, seconds=65),
    "inpaint": Offer(size=Extent(512, 512), kudos=8.2, seconds=38),
}
STEPS = Problem("KudosUpfront", "params.steps", Kind.REFUSED, values={"limit": 40, "given": 50, "kudos": 3.0,
                                                                     "price": 31.0})  # fmt: skip
PROBLEMS = (
    STEPS,
    Problem("SourceIgnored", "source_image", Kind.IGNORED, "models"),
    Problem("ClipSkipIgnored", "params.clip_skip", Kind.IGNORED, "models"),
    Problem("FacefixerStrengthIgnored", "params.facefixer_strength", Kind.IGNORED),
    Problem("UnexpectedModelName", "models", Kind.REFUSED),
)
ADVICE = "AlbedoBase XL wants 4 to 8 steps, prompt strength 2 and clip skip 2."


def quiet() -> FakeStudio:
    """As after the first start."""
    studio = FakeStudio()
    studio.set_models(*MODELS)
    studio.set_readiness(NO_SELECTION)
    return studio


def busy() -> FakeStudio:
    studio = FakeStudio()
    studio.set_models(*MODELS)
    studio.set_readiness(READY)
    studio.set_offers(**OFFERS)
    studio.set_jobs(*JOBS)
    studio.set_last_seed("2741")
    studio.say(MESSAGE)
    studio.settings.set(s.PROMPT, "a lighthouse on a cliff at dusk, oil painting, dramatic clouds, sea spray")
    studio.settings.set(s.NEGATIVE_PROMPT, "blurry, text, watermark")
    studio.settings.set(s.MODEL, "AlbedoBase XL (SDXL)")
    return studio


def unfold(studio: FakeStudio, *sections: s.Section) -> None:
    """These and no others."""
    for section, is_open in s.SECTIONS.items():
        studio.settings.set(is_open, section in sections)


def folded() -> FakeStudio:
    """The settings out of the way; two of the folded sections have something to say."""
    studio = busy()
    unfold(studio)
    studio.say("")
    studio.set_offers(img2img=evolve(OFFERS["img2img"], upfront=True, problems=(STEPS,)))
    studio.set_update(Update("0.2.0", "https://example.org/releases"))
    return studio


def everything() -> FakeStudio:
    """Every section open, and room for all of it."""
    studio = busy()
    studio.set_jobs(JOBS[1])
    unfold(studio, *s.Section)
    return studio


def questioned() -> FakeStudio:
    """Something is wrong with much of what is asked for."""
    studio = everything()
    studio.settings.set(s.STEPS, 50)
    studio.settings.set(s.CLIP_SKIP, 2)
    studio.settings.set(s.IMAGE_COUNT, 3)
    studio.settings.set(s.HIRES_FIX, True)
    studio.settings.set(s.POST_PROCESSING, "CodeFormers")
    studio.set_advice(ADVICE)
    studio.set_offers(**{
        name: evolve(offer, problems=PROBLEMS[1:] if name == "img2img" else PROBLEMS, upfront=True)
        for name, offer in OFFERS.items()
    })  # fmt: skip
    return studio


def mirrored() -> FakeStudio:
    """Prompts from right to left, and in wide characters; `look` shows the docker mirrored."""
    studio = folded()
    unfold(studio, s.Section.BASIC, s.Section.FILES)
    studio.settings.set(s.PROMPT, "منارة على جرف عند الغسق، لوحة زيتية")
    studio.settings.set(s.NEGATIVE_PROMPT, "ぼやけた、文字、透かし")
    studio.set_jobs(
        job("2", JobState.QUEUED, queue_position=3, eta=41, prompt="منارة على جرف عند الغسق، لوحة زيتية"),
        job("1", JobState.GENERATING, prompt="夕暮れの崖の上の灯台、油絵、劇的な雲、" * 4),
    )
    return studio


def troubled() -> FakeStudio:
    """Rows with every remedy, details unfolded where the artist did that."""
    studio = busy()
    studio.set_jobs(*TROUBLES)
    studio.say("")
    unfold(studio, s.Section.FILES)
    return studio


def prepare(docker: QtWidgets.QWidget, scene: str) -> None:
    """What no setting remembers: the details of two rows, the question before a reset, the direction."""
    for button in docker.findChildren(QtWidgets.QToolButton, "detailsButton")[:2]:
        button.setChecked(scene == "troubled")
    if scene == "troubled":
        docker.findChildren(QtWidgets.QPushButton, "resetSettingsButton")[0].click()
    if scene == "mirrored":
        docker.setLayoutDirection(QtCore.Qt.LayoutDirection.RightToLeft)


def palette(*, dark: bool) -> QtGui.QPalette:
    """Near to "Krita dark" and "Krita bright"."""
    role = QtGui.QPalette.ColorRole
    colours = (
        {"Window": 0x31363B, "WindowText": 0xEFF0F1, "Base": 0x232629, "AlternateBase": 0x31363B,
         "Text": 0xEFF0F1,
         "Button": 0x3B4045, "ButtonText": 0xEFF0F1, "Highlight": 0x647C99, "HighlightedText": 0xFCFCFC,
         "ToolTipBase": 0x31363B, "ToolTipText": 0xEFF0F1, "Link": 0x2980B9,
         "Light": 0x54575A, "Dark": 0x1B1E20}
        if dark
        else {"Window": 0xD6D6D6, "WindowText": 0x1E1E1E, "Base": 0xF0F0F0, "AlternateBase": 0xE4E4E4,
              "Text": 0x1E1E1E, "Button": 0xDEDEDE, "ButtonText": 0x1E1E1E, "Highlight": 0x8EA5C0,
              "HighlightedText": 0x101010, "ToolTipBase": 0xF0F0F0, "ToolTipText": 0x1E1E1E, "Link": 0x0057AE}
    )  # fmt: skip
    made = QtGui.QPalette(QtGui.QColor(colours["Button"]), QtGui.QColor(colours["Window"]))
    for name, colour in colours.items():
        made.setColor(getattr(role, name), QtGui.QColor(colour))
    for name in ("WindowText", "Text", "ButtonText"):  # as KDE's colours do
        dim = mix(QtGui.QColor(colours["WindowText"]), QtGui.QColor(colours["Window"]), 0.6)
        made.setColor(QtGui.QPalette.ColorGroup.Disabled, getattr(role, name), dim)
    return made


def dress(app: QtWidgets.QApplication, *, dark: bool, points: float = 10) -> None:
    app.setStyle("fusion")
    app.setPalette(palette(dark=dark))
    font = QtGui.QFont("DejaVu Sans")
    font.setPointSizeF(points)
    app.setFont(font)
