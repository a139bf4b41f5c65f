"""What there is to choose from: the Horde's own names, and what artists call these things.

The lists are those of AI Horde 5.1.5. They are offered, not enforced: a newer Horde has more, and what it has
is kept and sent (`Setting.open_ended`).
"""

from __future__ import annotations

from .setting import Option

STRIP_BACKGROUND = "strip_background"
_NONE = Option("", "None")
_NEW = "Few workers have it yet."

# Under the names by which artists know them from elsewhere. Second-order ones take two steps for one: the
# Horde counts them double.
SAMPLER_OPTIONS = (
    Option("k_euler_a", "Euler a"),
    Option("k_euler", "Euler"),
    Option("k_dpmpp_2m", "DPM++ 2M"),
    Option("k_dpmpp_2s_a", "DPM++ 2S a"),
    Option("k_dpmpp_sde", "DPM++ SDE"),
    Option("k_dpm_2", "DPM2"),
    Option("k_dpm_2_a", "DPM2 a"),
    Option("k_dpm_fast", "DPM fast"),
    Option("k_dpm_adaptive", "DPM adaptive"),
    Option("k_heun", "Heun"),
    Option("k_lms", "LMS"),
    Option("dpmsolver", "DPM-Solver"),
    Option("lcm", "LCM"),
    Option("DDIM", "DDIM"),
)
UPSCALER_OPTIONS = (
    _NONE,
    Option("RealESRGAN_x2plus", "RealESRGAN 2×", "For any picture, twice as large."),
    Option("RealESRGAN_x4plus", "RealESRGAN 4×", "For any picture, four times as large."),
    Option("RealESRGAN_x4plus_anime_6B", "RealESRGAN anime 4×", "For line art and flat colours."),
    Option("NMKD_Siax", "NMKD Siax 4×", "Keeps fine texture."),
    Option("4x_AnimeSharp", "AnimeSharp 4×", "For sharp line art."),
    Option("4xNomos8kSC", "Nomos8kSC 4×", f"For photos. {_NEW}"),
    Option("4xLSDIRplus", "LSDIRplus 4×", f"For any picture. {_NEW}"),
    Option("4xNomosWebPhoto_RealPLKSR", "Nomos WebPhoto 4×", f"For photos. {_NEW}"),
    Option("4xNomos2_realplksr_dysample", "Nomos2 RealPLKSR 4×", f"For photos. {_NEW}"),
    Option("4xNomos2_hq_dat2", "Nomos2 HQ DAT2 4×", f"For photos of good quality. {_NEW}"),
    Option("2xModernSpanimationV1", "Modern Spanimation 2×", f"For drawn pictures. {_NEW}"),
)
POST_PROCESSING_OPTIONS = (
    _NONE,
    Option("GFPGAN", "GFPGAN", "Mends faces."),
    Option("CodeFormers", "CodeFormers", "Mends faces, and changes them more."),
    Option("GFPGANv1.3", "GFPGAN 1.3", f"Mends faces, and keeps them more alike. {_NEW}"),
    Option("RestoreFormer", "RestoreFormer", f"Mends faces. {_NEW}"),
    Option(STRIP_BACKGROUND, "Remove the background", "Leaves the subject alone, on transparency."),
)
INPAINT_OPTIONS = (
    Option(
        "masked",
        "Masked part",
        "The worker repaints what is masked and sees the rest. Works with most models.",
    ),
    Option(
        "whole",
        "Whole region",
        "The worker repaints all of the region; the mask then hides the rest. Blends well.",
    ),
    Option(
        "fill",
        "From nothing",
        "What is masked is forgotten and drawn anew. Needs a model made for inpainting.",
    ),
)
WORKER_OPTIONS = (
    Option("any", "Any worker", "Whoever is free: the shortest wait."),
    Option("prefer", "Only these workers", "They use whichever model they have."),
    Option("block", "All but these workers", "Costs a tenth more kudos."),
)
LOG_OPTIONS = (
    Option("warning", "Problems only"),
    Option("info", "Normal"),
    Option("debug", "Everything"),
)

SAMPLERS = tuple(option.value for option in SAMPLER_OPTIONS)
UPSCALERS = tuple(option.value for option in UPSCALER_OPTIONS if option.value)
FACE_FIXERS = tuple(
    option.value for option in POST_PROCESSING_OPTIONS if option.value not in ("", STRIP_BACKGROUND)
)
