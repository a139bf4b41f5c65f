"""The settings that make a picture; each document keeps its own values of most of them.

The defaults make a good first picture that anybody gets, without kudos: the square of the smallest size,
512², is below the 576² that stay free however busy the Horde is; 20 steps stay within the free 40 with the
samplers that the Horde counts double, too; prompt strength 7 suits both SD 1 (5 to 7) and SDXL (4 to 7); for
any model there is always a worker. The largest size, 1024, is free with SDXL models at any time; with others
it may need kudos while the Horde is busy, and then the Horde says so.
"""

from __future__ import annotations

from .choices import INPAINT_OPTIONS, POST_PROCESSING_OPTIONS, SAMPLER_OPTIONS, UPSCALER_OPTIONS
from .setting import Section, Setting

PROMPT = Setting(
    "prompt", "", "Prompt",
    "What the picture shows. Shift+Enter generates. Ctrl+Up and Ctrl+Down make the selected words count "
    "more or less.",
    api="prompt", widget="prompt", section=Section.BASIC, per_document=True,
)  # fmt: skip
NEGATIVE_PROMPT = Setting(
    "negative_prompt", "", "Negative prompt", "What the picture should not show.",
    api="prompt", widget="negativePrompt", section=Section.BASIC, per_document=True,
)  # fmt: skip
MODEL = Setting(
    "model", "", "Model",
    "The model that paints. The number says how many workers run it: more workers, shorter wait. "
    "Type to search.",
    empty="any model", api="models", widget="model", section=Section.BASIC, per_document=True,
    help="The model that paints, with the number of workers that run it. More workers mean a shorter wait. "
    "Type to search; ↻ loads the list anew. *Any model* takes whichever is free.",
)  # fmt: skip
DENOISING_STRENGTH = Setting(
    "denoising_strength", 0.75, "Denoising strength",
    "How much Img2Img and Inpaint change what is there: 0.3 keeps shapes, 0.75 repaints freely, "
    "1 starts from nothing.",
    0.01, 1.0, 0.05,
    api="params.denoising_strength", widget="denoisingStrength", section=Section.BASIC, per_document=True,
)  # fmt: skip
CFG_SCALE = Setting(
    "cfg_scale", 7.0, "Prompt strength",
    "How closely the picture follows the prompt. 5 to 8 suit most models.", 0, 100, 0.5,
    slider_maximum=20,
    api="params.cfg_scale", widget="cfgScale", section=Section.BASIC, per_document=True,
)  # fmt: skip
STEPS = Setting(
    "steps", 20, "Steps",
    "How many steps the sampler takes. 20 to 30 are enough for most models; more than 40 need kudos.",
    1, 500, slider_maximum=150,
    api="params.steps", widget="steps", section=Section.BASIC, per_document=True,
    help="How many steps the sampler takes; 20 to 30 are enough for most models. More than 40 need kudos; "
    "DPM++ 2S a, DPM++ SDE, DPM2, DPM2 a and Heun count double.",
)  # fmt: skip
SAMPLER = Setting(
    "sampler", "k_euler_a", "Sampler", "How noise becomes a picture, step by step.",
    options=SAMPLER_OPTIONS, open_ended=True,
    api="params.sampler_name", widget="sampler", section=Section.BASIC, per_document=True,
)  # fmt: skip
SEED = Setting(
    "seed", "", "Seed",
    "The same seed with the same settings gives the same picture. Empty: a new one every time.",
    empty="random", api="params.seed", widget="seed", section=Section.BASIC, per_document=True,
    help="The same seed with the same settings gives the same picture. Empty: a new one every time. Words "
    "are a seed, too.",
)  # fmt: skip
IMAGE_COUNT = Setting(
    "image_count", 1, "Images", "How many pictures one press makes.", 1, 20,
    api="params.n", widget="imageCount", section=Section.BASIC, per_document=True,
    help="How many pictures one press makes. With seed 700 they have the seeds 700, 701, 702 …",
)  # fmt: skip
MIN_SIZE = Setting(
    "min_size", 512, "Smallest size",
    "A smaller selection is generated at this size and scaled down to fit.", 64, 3072, 64,
    widget="minSize", section=Section.BASIC, per_document=True,
    help="A smaller selection is generated at this size and scaled down to fit, see [Sizes](#sizes).",
)  # fmt: skip
MAX_SIZE = Setting(
    "max_size", 1024, "Largest size",
    "A larger selection is generated at this size and scaled up to fit. Above 1024 needs kudos.",
    64, 3072, 64,
    widget="maxSize", section=Section.BASIC, per_document=True,
    help="A larger selection is generated at this size and scaled up to fit, see [Sizes](#sizes). Above 1024 "
    "needs kudos.",
)  # fmt: skip
INPAINT_METHOD = Setting(
    "inpaint_method", "masked", "Inpaint method",
    options=INPAINT_OPTIONS,
    api="source_processing", widget="inpaintMethod", section=Section.BASIC, per_document=True,
    help="*Masked part*: the worker repaints what is masked and sees the rest. *Whole region*: it repaints "
    "all of the region, and the mask hides the rest. *From nothing*: what is masked is drawn anew; this "
    "needs a model made for inpainting.",
)  # fmt: skip
NSFW = Setting(
    "nsfw", False, "NSFW",
    "The prompt is not safe for work. Off: pictures that turn out so come back censored.",
    api="nsfw", widget="nsfw", section=Section.BASIC, per_document=True,
    help="The prompt is not safe for work. Off: pictures that turn out so come back censored, and are "
    "counted instead of landed.",
)  # fmt: skip

SEED_VARIATION = Setting(
    "seed_variation", 1, "Seed variation",
    "By how much the seeds of several images of one press differ.", 1, 1000, slider_maximum=100,
    api="params.seed_variation", widget="seedVariation", section=Section.ADVANCED, per_document=True,
    help="By how much the seeds of several images of one press differ: seed 700 with variation 10 makes 700, "
    "710, 720 … A smaller seed than the variation is raised to it.",
)  # fmt: skip
KARRAS = Setting(
    "karras", True, "Karras", "A noise schedule that gets more out of few steps.",
    api="params.karras", widget="karras", section=Section.ADVANCED, per_document=True,
)  # fmt: skip
CLIP_SKIP = Setting(
    "clip_skip", 1, "Clip skip",
    "How many of the last layers that read the prompt are left out. Many anime models want 2.", 1, 12,
    api="params.clip_skip", widget="clipSkip", section=Section.ADVANCED, per_document=True,
)  # fmt: skip
HIRES_FIX = Setting(
    "hires_fix", False, "Hires fix",
    "Generate draws a small picture first and then a large one from it: no doubled heads in large pictures.",
    api="params.hires_fix", widget="hiresFix", section=Section.ADVANCED, per_document=True,
    help="Generate draws a small picture first and then a large one from it: no doubled heads in large "
    "pictures. Img2Img and Inpaint have no use for it.",
)  # fmt: skip
HIRES_FIX_STRENGTH = Setting(
    "hires_fix_strength", 0.65, "Hires fix strength",
    "How much the second pass of Hires fix changes the first.", 0.01, 1.0, 0.05,
    api="params.hires_fix_denoising_strength", widget="hiresFixStrength", section=Section.ADVANCED,
    per_document=True,
)  # fmt: skip
TILING = Setting(
    "tiling", False, "Seamless tiles",
    "The picture's edges fit each other, so that it can be repeated as a pattern.",
    api="params.tiling", widget="tiling", section=Section.ADVANCED, per_document=True,
)  # fmt: skip
TRANSPARENT = Setting(
    "transparent", False, "Transparent background",
    "Generate draws the subject alone, on transparency. For SD 1 and SDXL models.",
    api="params.transparent", widget="transparent", section=Section.ADVANCED, per_document=True,
    help="Generate draws the subject alone, on transparency. For SD 1 and SDXL models; not with Img2Img and "
    "Inpaint.",
)  # fmt: skip
CONTEXT = Setting(
    "context", 32, "Context (pixels)",
    "How much of the picture around the selection is sent along, so that the result fits in.",
    0, 512, slider_maximum=256,
    widget="context", section=Section.ADVANCED, per_document=True,
)  # fmt: skip
MASK_GROW = Setting(
    "mask_grow", 4, "Grow the mask (pixels)",
    "By how much the mask of Inpaint is made larger, so that no old edge is left.",
    0, 256, slider_maximum=64,
    widget="maskGrow", section=Section.ADVANCED, per_document=True,
)  # fmt: skip
MASK_FEATHER = Setting(
    "mask_feather", 8, "Feather the mask (pixels)",
    "Over how many pixels the result of Inpaint blends into the picture.", 0, 256, slider_maximum=64,
    widget="maskFeather", section=Section.ADVANCED, per_document=True,
)  # fmt: skip

UPSCALER = Setting(
    "upscaler", "", "Upscaler",
    "Enlarges the result before it is fitted into its place: sharper where the region is larger than what is "
    "generated.",
    options=UPSCALER_OPTIONS, open_ended=True,
    api="params.post_processing", widget="upscaler", section=Section.POST_PROCESSING, per_document=True,
)  # fmt: skip
POST_PROCESSING = Setting(
    "post_processing", "", "Post-processing", "What the worker does to the finished picture.",
    options=POST_PROCESSING_OPTIONS, open_ended=True,
    api="params.post_processing", widget="postProcessing", section=Section.POST_PROCESSING, per_document=True,
    help="What the worker does to the finished picture: mend faces, or remove the background.",
)  # fmt: skip
STRIP_BACKGROUND_TOO = Setting(
    "strip_background_too", False, "Remove background, too",
    "After the faces were mended, the background is removed.",
    api="params.post_processing", widget="stripBackground", section=Section.POST_PROCESSING,
    per_document=True,
)  # fmt: skip
FACEFIXER_STRENGTH = Setting(
    "facefixer_strength", 0.75, "Face fixer strength",
    "How much faces are mended. At present, workers take no notice of it.", 0.0, 1.0, 0.05,
    api="params.facefixer_strength", widget="facefixerStrength", section=Section.POST_PROCESSING,
    per_document=True,
)  # fmt: skip
