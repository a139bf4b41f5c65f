"""What is said of models, workers, accounts and the Horde, and what a search finds."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from live_scenes import INFOS, LOAD, MODELS, USER, WORKERS

from krita_AIhorde.horde import errors
from krita_AIhorde.horde.health import HealthLevel
from krita_AIhorde.horde.messages import ActiveModel, Performance, WorkerInfo
from krita_AIhorde.horde.modelinfo import Baseline, ModelInfo, Requirements, unlisted
from krita_AIhorde.ui import livewords
from krita_AIhorde.ui.modelentries import Group, entries, rank
from krita_AIhorde.ui.modelpanel import has_words, with_words
from krita_AIhorde.ui.news import unseen
from krita_AIhorde.ui.plain import is_web_address, link, tooltip

KNOWN = {info.name: info for info in INFOS}


def info_of(name):
    return KNOWN.get(name) or unlisted(name)


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        (Requirements(), ""),
        (Requirements(clip_skip=2), "Does best with clip skip 2."),
        (Requirements(3, 6, 2.0, samplers=("k_dpmpp_sde",), schedulers=("karras",)),
         "Does best with 3 to 6 steps, prompt strength 2, sampler DPM++ SDE, Karras."),
        (Requirements(max_cfg_scale=2.5), "Does best with prompt strength 2.5 or less."),
        (Requirements(min_steps=9, max_steps=9), "Does best with 9 steps."),
        (Requirements(min_steps=20), "Does best with 20 steps or more."),
        (Requirements(max_steps=20), "Does best with at most 20 steps."),
        (Requirements(min_cfg_scale=1, max_cfg_scale=4), "Does best with prompt strength 1 to 4."),
        (Requirements(min_cfg_scale=3), "Does best with prompt strength 3 or more."),
        (Requirements(samplers=("k_heun", "of tomorrow")), "Does best with sampler Heun or of tomorrow."),
    ],
)  # fmt: skip
def test_what_a_model_wants(needs, words):
    assert livewords.needs_text(needs) == words


def test_the_kind_is_said_only_where_it_is_known():
    assert livewords.kind_text(KNOWN["Deliberate"]) == "SD 1"
    assert livewords.kind_text(unlisted("somebody's mix")) == ""
    assert livewords.kind_text(unlisted("somebody's mix [Flux]")) == "Flux"


@pytest.mark.parametrize(
    ("info", "mark"),
    [
        (ModelInfo("x", Baseline.SD1), ""),
        (ModelInfo("x", Baseline.SDXL), ""),
        (ModelInfo("x", Baseline.OTHER), ""),
        (ModelInfo("x", Baseline.SD1, inpainting=True), "for inpainting"),
        (ModelInfo("x", Baseline.FLUX), "ignores masks"),
        (ModelInfo("x", Baseline.CASCADE), "ignores masks"),
        (ModelInfo("x", Baseline.QWEN), "Generate only"),
        (ModelInfo("x", Baseline.Z_IMAGE), "Generate only"),
    ],
)
def test_a_model_that_inpaints_otherwise_than_others_is_marked(info, mark):
    assert livewords.inpainting_mark(info) == mark
    assert bool(livewords.inpainting_text(info)) == bool(mark)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (ActiveModel("x", 12, jobs=30.0, eta=42), "12 workers · 30 images waiting · about 40 s"),
        (ActiveModel("x", 1, eta=0), "1 worker · no queue"),
        (ActiveModel("x", 0, jobs=2.0, eta=10000), "no worker now · 2 images waiting"),
    ],
)
def test_how_a_model_is_served(model, words):
    assert livewords.served_text(model) == words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "trusted · 1 s a picture · up to 2048 × 2048"),
        ({"maintenance_mode": True}, "takes no jobs now (maintenance) · trusted"),
        ({"online": False}, "offline · trusted"),
        ({"painting": False}, "up to 2048 × 2048 · not for Inpaint “From nothing”"),
        ({"img2img": False}, "not for Img2Img"),
        ({"img2img": False, "painting": False}, "not for Img2Img, Inpaint"),
        ({"post_processing": False}, "not for post-processing"),
        ({"nsfw": False}, "no NSFW"),
        ({"performance": "0.1 megapixelsteps per second"}, "52 s a picture"),
        ({"performance": "0.02 megapixelsteps per second"}, "4 min a picture"),
    ],
)
def test_what_matters_of_a_worker(change, words):
    assert words in livewords.worker_text(evolve(WORKERS[0], **change))


def test_of_a_worker_that_says_nothing_nothing_is_invented():
    words = livewords.worker_text(WorkerInfo("id", performance="No requests fulfilled yet", max_pixels=0))
    assert "picture" not in words
    assert "up to" not in words


def test_the_account():
    assert livewords.display_name("al#ice#12") == "al#ice"
    assert livewords.display_name("alice") == "alice"
    assert livewords.record_text(USER) == "1234 images made for you · 98 images made by your workers"
    assert livewords.standing_text(USER) == "Up to 30 images may wait at a time. The Horde trusts you."


def leaves(kind):
    below = kind.__subclasses__()
    return {kind}.union(*map(leaves, below)) if below else {kind}


@pytest.mark.parametrize("kind", sorted(leaves(errors.TransferRefused), key=lambda kind: kind.__name__))
def test_every_refusal_of_a_transfer_is_told_in_words_of_ours(kind):
    words = livewords.transfer_problem_text(kind("The server's joke"))
    if kind is errors.TransferRefused:  # a reason that we have no words for
        assert words == "Nothing was given. AI Horde refused the job: The server's joke"
    else:
        assert words.endswith(".")
        assert "joke" not in words


def test_kudos_that_may_be_gone_are_never_called_kept():
    words = livewords.transfer_problem_text(errors.NoAnswer(ambiguous=True))
    assert "may be given or not" in words
    assert "Nothing was given" not in words
    assert "Nothing was given" in livewords.transfer_problem_text(errors.Unreachable())


@pytest.mark.parametrize("level", [None, *HealthLevel])
def test_every_level_has_words(level):
    assert livewords.health_text(level)
    assert livewords.health_sentence(level, None).endswith(".")


def test_the_load():
    assert livewords.load_text(LOAD) == "33 workers · 1204 images waiting · done in about 2 min"
    assert livewords.load_text(Performance(worker_count=1)) == "1 worker · no queue"
    assert livewords.load_text(Performance(5, 10.0, 0.0, 3)) == "3 workers · 5 images waiting"
    assert livewords.load_text(None) == ""


# The list of models.


def names(found):
    return [entry.name for entry in found]


def test_favourites_then_those_used_lately_then_the_rest_each_once():
    found = entries(MODELS, info_of, ("Dreamshaper", "gone"), ("gone too", "Dreamshaper", "Comic-Diffusion"))
    assert names(found)[:4] == ["Dreamshaper", "gone", "Comic-Diffusion", "Deliberate"]
    assert [entry.group for entry in found[:4]] == [
        Group.FAVOURITES, Group.FAVOURITES, Group.RECENT, Group.REST,
    ]  # fmt: skip
    assert sorted(names(found)) == sorted([*(model.name for model in MODELS), "gone"])
    assert found[1].label == "gone (not available now)"


def test_no_more_than_five_are_called_recent():
    found = entries(MODELS, info_of, (), [model.name for model in reversed(MODELS)])
    assert [entry.group for entry in found].count(Group.RECENT) == 5


@given(st.lists(st.sampled_from([m.name for m in MODELS] + ["gone"])),
       st.lists(st.sampled_from([m.name for m in MODELS] + ["gone"])))  # fmt: skip
def test_every_served_model_is_listed_exactly_once(favourites, recent):
    found = names(entries(MODELS, info_of, favourites, recent))
    assert len(found) == len(set(found))
    assert {model.name for model in MODELS} <= set(found)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dream", "Dreamshaper"),  # by its name
        ("portraits", "Deliberate"),  # by its description
        ("REALISTIC photo", "ICBINP - I Can't Believe It's Not Photography"),  # style and description
        ("flux text", "Flux.1-Schnell fp8 (Compact)"),
        ("pepelarraz", "Comic-Diffusion"),  # a trigger word
        ("inpainting", "Deliberate Inpainting"),  # before those that cannot
        ("sdxl own", "my own mix [SDXL]"),
    ],
)
def test_a_search_looks_into_names_descriptions_kinds_and_styles(typed, first):
    ranks = {entry.name: rank(entry, typed) for entry in entries(MODELS, info_of)}
    best = min(value for value in ranks.values() if value is not None)
    assert next(name for name, value in ranks.items() if value == best) == first


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("anime", ["Anime Pencil", "By tag", "By style", "By description"]),
        ("pixel art", ["By tag"]),
        ("sdxl", ["SDXL mix", "By style"]),
        ("xl anime", ["By style"]),
        ("sd1", ["By description", "By tag"]),
        ("sd 1", ["By description", "By tag"]),
        ("stable diffusion 1", ["By description", "By tag"]),
        ("SDXL pixel", []),
    ],
)
def test_what_the_reference_files_a_model_under_finds_it_behind_those_that_are_called_so(typed, order):
    infos = {
        "By description": ModelInfo("By description", Baseline.SD1, "Not for anime."),
        "By tag": ModelInfo("By tag", Baseline.SD1, tags=("Anime", "pixel art")),
        "By style": ModelInfo("By style", Baseline.SDXL, style="anime"),
        "Anime Pencil": unlisted("Anime Pencil"),
        "SDXL mix": unlisted("SDXL mix"),
    }
    listed = entries([ActiveModel(name, 5) for name in infos], infos.__getitem__)
    found = [(rank(entry, typed), entry.name) for entry in listed if rank(entry, typed) is not None]
    assert [name for _, name in sorted(found, key=lambda each: each[0])] == order


@given(st.text(max_size=20))
def test_an_entry_is_found_by_its_own_label_and_never_by_words_it_lacks(typed):
    for entry in entries(MODELS[:2], info_of):
        assert rank(entry, entry.label) == 0
        if rank(entry, typed) is not None:
            told = f"{entry.label.casefold()} {entry.kinds} {entry.words}"
            assert all(word in told for word in typed.casefold().split())


# Prompts and trigger words.


@pytest.mark.parametrize(
    ("prompt", "words", "result"),
    [
        ("", "anime", "anime"),
        ("a fox", "anime", "a fox, anime"),
        ("a fox, ", "anime", "a fox, anime"),
        ("an Anime fox", "anime", "an Anime fox"),
        ("animetastic", "anime", "animetastic, anime"),
        ("(D&D character:1.2)", "D&D character", "(D&D character:1.2)"),
        ("a [b", "(c", "a [b, (c"),
    ],
)
def test_a_trigger_word_goes_to_the_end_of_the_prompt_if_it_is_not_there(prompt, words, result):
    assert with_words(prompt, words) == result


@given(st.text(), st.text(min_size=1).map(str.strip).filter(bool))
def test_afterwards_it_is_there_and_a_second_time_changes_nothing(prompt, words):
    once = with_words(prompt, words)
    assert has_words(once, words)
    assert with_words(once, words) == once
    assert once.startswith(prompt.rstrip().rstrip(","))


# Text from elsewhere.


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.b", "https://", "", "https://user:secret@a.b/",
     "data:text/html,x", " https://a.b", "smb://a.b/c"],
)  # fmt: skip
def test_only_web_addresses_become_links(address):
    assert not is_web_address(address)
    assert link(address) == ""


def test_a_link_shows_whose_it_is_and_hides_no_markup():
    assert link("https://www.a.b/c?d=1&e=2") == '<a href="https://www.a.b/c?d=1&amp;e=2">a.b</a>'
    assert link("https://a.b/", "<img>") == '<a href="https://a.b/">&lt;img&gt;</a>'


@pytest.mark.parametrize("text", ["plain", "a <b>bold</b> name", "a &lt; b", "two\nlines"])
def test_a_tooltip_shows_text_to_the_letter(text):
    from krita_AIhorde.qt import QtGui

    document = QtGui.QTextDocument()
    shown = tooltip(text)
    if shown.startswith("<qt>"):
        document.setHtml(shown)
        shown = document.toPlainText()
    assert shown == text
    assert tooltip("plain") == "plain"


def test_news_that_was_taken_back_does_not_make_the_old_ones_new():
    from live_scenes import NEWS

    assert list(unseen(NEWS, "2025-06-25 Proxies.")) == [NEWS[0]]
    assert list(unseen(NEWS, "2025-06-25 Taken back")) == [NEWS[0]]
    assert list(unseen(NEWS, "2025-12-16 " + NEWS[0].title)) == []
    assert list(unseen((), "2025-06-25 Proxies.")) == []
