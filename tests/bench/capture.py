"""What a click costs in a document of 8192 x 8192 pixels and 40 layers, for a region of one megapixel."""

from __future__ import annotations

from bench import Bench
from figures import Figure

KINDS = ("generate", "img2img", "img2img, feathered", "inpaint, feathered")
MASKED = "inpaint, mask layer"
BLOCKS = 30.0  # ms


def measure(bench: Bench) -> list[Figure]:
    env = {"AIHORDE_BENCH_RUNS": str(bench.runs)}
    bare = bench.play("capture", bench.without, **env)
    ours = bench.play("capture", bench.with_plugin, **env)
    figures = []
    for kind in KINDS:
        clicks = ours[kind]
        blocked = [click["blocked"] for click in clicks]
        sent = [click["sent"] for click in clicks]
        by_hand = "reading alone, without the plugin"
        figures += [
            Figure(
                f"{kind}: the click blocks", "ms", blocked, bare["read"], by_hand, "30 ms", BLOCKS, "worst"
            ),
            Figure(
                f"{kind}: until the request is sent",
                "ms",
                sent,
                blocked,
                "the click",
                "reported",
                1e9,
                "worst",
            ),
        ]
    clicks = ours[MASKED]
    blocked = [click["blocked"] for click in clicks]
    return [
        *figures,
        Figure(
            f"{MASKED}: the click blocks",
            "ms",
            blocked,
            bare["refresh"],
            "Krita's refresh, without the plugin",
            "the refresh + 30 ms",
            BLOCKS,
        ),
        Figure(
            f"{MASKED}: until the request is sent",
            "ms",
            [click["sent"] for click in clicks],
            blocked,
            "the click",
            "reported",
            1e9,
            "worst",
        ),
    ]
