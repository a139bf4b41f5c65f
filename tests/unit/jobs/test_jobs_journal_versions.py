"""Jobs that an earlier version wrote down are taken up by this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from krita_AIhorde.horde.messages import to_body
from krita_AIhorde.imaging.geometry import Bounds, Extent
from krita_AIhorde.imaging.raster import Coverage
from krita_AIhorde.jobs import records
from krita_AIhorde.jobs.request import build_request
from krita_AIhorde.jobs.spec import Encoded, InpaintMethod, Operation

JOURNAL = Path(__file__).resolve().parents[2] / "data" / "journal"


def test_a_job_of_the_first_version_is_sent_as_that_version_sent_it() -> None:
    mask = records.packed(Coverage.uniform(Extent(300, 200)))
    text = (JOURNAL / "spec_0.1.0.json").read_text("utf-8")
    spec = records.spec_of(text, b"a picture", mask)
    assert (spec.operation, spec.params.inpaint_method) == (Operation.INPAINT, InpaintMethod.FILL)
    assert spec.source == Encoded(b"a picture")
    assert spec.lands_on == Bounds(100, 100, 300, 200)
    assert list(spec.seeds) == [4711, 4712, 4713]
    assert (spec.params.context, spec.params.mask_grow, spec.params.mask_feather) == (0, 0, 0)
    assert to_body(build_request(spec, "c291cmNl", "bWFzaw==")) == {
        "prompt": "a fox ### text, blurry",
        "models": ["Deliberate"],
        "nsfw": True,
        "censor_nsfw": False,
        "params": {
            "sampler_name": "k_heun",
            "cfg_scale": 5.25,
            "steps": 31,
            "width": 768,
            "height": 512,
            "n": 3,
            "seed": "4710",
            "seed_variation": 1,
            "karras": False,
            "hires_fix": False,
            "tiling": False,
            "transparent": False,  # the Horde's own default, said since
            "clip_skip": 1,
            "denoising_strength": 1.0,
            "post_processing": [],
        },
        "source_image": "c291cmNl",
        "source_mask": "bWFzaw==",
        "source_processing": "inpainting",
        "slow_workers": True,
        "extra_slow_workers": True,
        "trusted_workers": False,
        "r2": True,
        "replacement_filter": True,
        "allow_downgrade": False,
        "dry_run": False,
    }


@pytest.mark.parametrize("file", sorted(JOURNAL.glob("spec_*.json")), ids=lambda file: file.stem)
def test_a_job_is_written_down_with_all_that_it_was_read_with(file: Path) -> None:
    spec = records.spec_of(file.read_text("utf-8"), None, None)
    assert records.spec_of(records.to_text(spec), None, None) == spec
