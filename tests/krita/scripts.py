"""Prompts in many scripts, for the scenario that types them and the test that reads what came of them."""

from __future__ import annotations

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"  # of four, one character
PROMPTS = {
    "Arabic": "مَرْجٌ أخضر تحت سماء زرقاء، (بيت:1.2) صغير",
    "Hebrew": "טִירָה מעל העננים, 2:41 בלילה",
    "Chinese": "月光照亮的宁静湖面，远处有山" * 8,
    "Japanese": "月の光、ガラスの城 𠮷",
    "Korean in pieces": "\u1112\u1161\u11ab\u1100\u1173\u11af " * 20,
    "Hindi": "क्षितिज पर सूर्यास्त " * 4,
    "families": FAMILY * 30,
    "flags": "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7" * 30,
    "marks upon marks": ("Z\u0351\u036b\u0343\u0301" + "a\u0334\u0321") * 40,
    "all at once": "a castle קסטל 城 قلعة \U0001f3f0, \u202eturned\u202c\n\tand a second line",
    "very long": "a garden behind a wall in autumn, " * 180,
    "one long word": "wall" * 500,
}
