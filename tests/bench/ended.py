"""A journal with many ended jobs, as weeks of work leave it behind."""

from __future__ import annotations

import io
import itertools
import time
from pathlib import Path

from attrs import evolve
from PIL import Image as Picture

from krita_AIhorde.horde.messages import Generation, Submitted
from krita_AIhorde.imaging.geometry import Bounds, Extent, plan_frame
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs.images import Fate, Image
from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.spec import DocumentRef, JobSpec, Operation, Params
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.jobs.store import Folders, Store
from krita_AIhorde.jobs.trouble import NO_REASON, Reason

CANVAS = Extent(2048, 2048)
PROMPTS = (
    "a lighthouse on a cliff at dusk, oil painting, dramatic clouds, sea spray, gulls",
    "a meadow",
    "portrait of an old sailor, deep wrinkles, soft light from a window, muted colours, canvas texture",
)
ENDS = (
    (JobState.DONE, NO_REASON),
    (JobState.DONE, NO_REASON),
    (JobState.FAILED, Reason(Trouble.KUDOS, "Due to heavy demand, more kudos are needed.", "KudosUpfront")),
    (JobState.TIMED_OUT, NO_REASON),
    (JobState.CANCELLED, NO_REASON),
)


def write(folder: Path, count: int) -> None:
    """``count`` jobs of several documents into ``folder``'s journal, with a small file for each picture."""
    store = Store(Folders(folder), "https://example.org/api/v2")
    picture = io.BytesIO()
    Picture.new("RGB", (64, 64), (40, 90, 160)).save(picture, "WEBP")
    frame = plan_frame(Bounds(100, 100, 512, 512), CANVAS, smallest=512, largest=512)
    began = time.time() - 30 * 86400
    for number, (state, reason) in zip(range(count), itertools.cycle(ENDS), strict=False):
        inpaints = number % 4 == 0
        spec = JobSpec(
            id=f"{number:012x}",
            operation=Operation.INPAINT if inpaints else Operation.GENERATE,
            params=Params(prompt=PROMPTS[number % len(PROMPTS)], model="Deliberate"),
            seed=4000 + number,
            document=DocumentRef(f"document-{number % 7}", f"picture {number % 7}.kra"),
            canvas=CANVAS,
            frame=frame,
            mask=Coverage.uniform(frame.visible(CANVAS).extent) if inpaints else None,
            clicked_at=began + number,
        )
        store.created(evolve(spec, source=None))
        store.submitted(spec.id, Submitted(id=f"request-{number}", kudos=10.0))
        if state is JobState.DONE:
            image = Image(Generation(f"generation-{number}", seed=str(spec.seed)), f"picture · {spec.seed}")
            store.announced(spec.id, image)
            store.saved(spec.id, image.id, picture.getvalue(), {"prompt": spec.params.prompt})
            store.settled(spec.id, image.id, Fate.LANDED)
        store.ended(spec.id, state, reason)
    store.close()
