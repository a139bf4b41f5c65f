from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from attrs import evolve

from krita_AIhorde.horde import schema
from krita_AIhorde.horde.problems import Kind, Problem, Rule
from krita_AIhorde.horde.rules import CODES, ROWS, SCHEMA, Circumstances, Picture, problems
from krita_AIhorde.jobs.fitting import Fit
from krita_AIhorde.ui.problems import fit_text, problem_text

KNOWN = Circumstances(
    baseline_of={"Flux": "flux_1", "XL": "stable_diffusion_xl"}.get,
    max_steps_of={"Flux": 8}.get,
    kudos=0.0,
    free_side=1024,
)
VALUES = {"limit": 7, "given": 8, "width": 640, "height": 512}


def body(model: str = "Deliberate", **params: Any) -> dict[str, Any]:
    return {
        "prompt": "a fox",
        "models": [model],
        "params": {"width": 512, "height": 512, "steps": 4, **params},
    }


def told(request: Any, **known: Any) -> list[str]:
    return [problem_text(problem) for problem in problems(request, evolve(KNOWN, **known))]


def good(sentence: str) -> bool:
    """It is one, and no name of the API is left in it."""
    left = [word for word in ("{", "}", "None", "params", "source_", "_image") if word in sentence]
    return sentence.endswith(".") and sentence.lstrip("“")[0].isupper() and not left and len(sentence) < 160


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.code}-{row.field}-{row.also}-{row.kind.value}")
def test_every_row_has_its_sentence(row: Rule) -> None:
    assert good(problem_text(Problem(row.code, row.field, row.kind, row.also, VALUES)))


def test_no_code_lacks_its_sentence() -> None:
    for code in CODES - {SCHEMA}:
        assert good(problem_text(Problem(code, "params.steps", Kind.REFUSED, values=VALUES)))


def limits(part: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every rule of the schema, by the path that it holds for."""
    yield from ((path, rule, limit) for rule, limit in part.items() if rule not in ("properties", "items"))
    yield from ((f"{path}.{name}".lstrip("."), "required", None) for name in part.get("required", ()))
    for name, below in part.get("properties", {}).items():
        yield from limits(below, f"{path}.{name}".lstrip("."))
    if "items" in part:
        yield from limits(part["items"], f"{path}.0")


def test_no_limit_of_the_schema_lacks_its_sentence() -> None:
    told_of = set()
    for path, rule, limit in limits(schema.GENERATION_REQUEST):
        values = {"rule": rule, "limit": limit, "given": "x" * 500}
        sentence = problem_text(Problem(SCHEMA, path, Kind.REFUSED, values=values))
        assert good(sentence), sentence
        told_of.add(rule)
    assert {"type", "required", "minimum", "maximum", "multipleOf", "enum", "uniqueItems"} <= told_of


@pytest.mark.parametrize(
    ("request_", "sentences"),
    [
        ({}, ["Write a prompt first."]),
        ({"prompt": ""}, ["Write a prompt first."]),
        (body(width=500), ["Width: only multiples of 64."]),
        (body(clip_skip=13), ["Clip skip: at most 12."]),
        (body(denoising_strength=0), ["Denoising strength: at least 0.01."]),
        (body(sampler_name="dpmpp_9000"),
         ["Sampler: AI Horde may not know “dpmpp_9000”. Better choose another."]),
        (body(post_processing=["Nothing"]),
         ["Post-processing: AI Horde may not know “Nothing”. Better choose another."]),
        (body(loras=[{"name": "1", "model": 6}]), ["LoRA strength: at most 5."]),
        ([], ["A setting: AI Horde cannot read this value. Set it again."]),
        (body(loras=[{"name": "1"}] * 6), ["At most 5 LoRAs. Remove some."]),
        (body(tis=[{"name": "1"}] * 21), ["At most 20 embeddings. Remove some."]),
        (body(cfg_scale=7.125), ["Prompt strength takes two decimals at most. Round it."]),
        (body("Flux", hires_fix=True), ["This model does not work with hires fix. Turn that off."]),
        (body("XL", hires_fix=True, width=1024, height=960),
         ["Hires fix does nothing until both sides are larger than 1024 pixels."]),
        (body() | {"prompt": "a " * 7501, "replacement_filter": False},
         ["The prompt has 7501 words; 7500 are possible. Shorten it."]),
        (body() | {"prompt": "x" * 7001},
         ["AI Horde may refuse a prompt of more than 7000 characters. Shorten it."]),
        (body() | {"source_image": "x", "extra_source_images": [{"image": "http://x"}] * 6, "style": "abc"},
         ["At most 5 extra source images. Remove some.",
          "Only trusted accounts can send more than 1 extra source image. Remove the others.",
          "Extra source images are for remixing only. Remove them.",
          "The picture has 3136 × 3072 pixels, more than AI Horde takes. Choose a smaller size."]),
    ],
)  # fmt: skip
def test_an_artist_reads_what_to_do(request_: Any, sentences: list[str]) -> None:
    assert told(request_, source=Picture(3136, 3072)) == sentences


def test_an_artist_reads_what_needs_kudos_and_how_many() -> None:
    assert told(body(steps=41)) == [
        "More than 40 steps need kudos beforehand. Take fewer steps. You have none to spend."
    ]
    assert told(body(steps=25, sampler_name="k_heun"), kudos=40.0, price=20.5) == [
        "With this sampler, more than 20 steps need kudos beforehand. Take fewer steps. "
        "It costs about 20 kudos; you can spend 40."
    ]
    assert told(body("Flux", steps=9), kudos=None) == [
        "With this model, more than 8 steps need kudos beforehand. Take fewer steps."
    ]
    assert told(body(width=2048, height=1024), kudos=-50.0, price=30.0) == [
        "Sizes above 1024 × 1024 pixels need kudos beforehand. Choose a smaller size. "
        "It costs about 30 kudos; you can spend 0."
    ]
    assert told(body(width=768, height=768), free_side=None) == [
        "When AI Horde is busy, sizes above 576 × 576 pixels need kudos beforehand."
    ]
    assert told(body(width=2048, height=1024) | {"allow_downgrade": True}) == [
        "Without enough kudos, AI Horde makes the picture smaller: 1024 × 1024 pixels at most."
    ]


@pytest.mark.parametrize("fit", Fit)
def test_every_misfit_has_a_sentence(fit: Fit) -> None:
    assert fit_text(fit) == "" if fit is Fit.FITS else good(fit_text(fit))


def test_misfits_can_be_told_apart() -> None:
    assert len({fit_text(fit) for fit in Fit}) == len(Fit)
