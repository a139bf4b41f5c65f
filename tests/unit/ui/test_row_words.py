"""What a row says of its job."""

from __future__ import annotations

import itertools

import pytest
from fake_studio import job

from krita_AIhorde.jobs.snapshot import Trouble
from krita_AIhorde.jobs.states import JobState
from krita_AIhorde.ui.rowwords import note_text, status_text

S = JobState


@pytest.mark.parametrize(
    ("snapshot", "text"),
    [
        (job("1", S.WAITING), "Waiting for its turn"),
        (job("1", S.WAITING, trouble=Trouble.TOO_MANY_JOBS), "Waits for an earlier job to end"),
        (job("1", S.SUBMITTING), "Sending"),
        (job("1", S.SUBMITTING, stopping=S.CANCELLED), "Cancelling"),
        (job("1", S.UNCERTAIN),
         "Sent, but no answer came. It may be running: then it goes on here as soon as it is found."),
        (job("1", S.QUEUED, queue_position=12, eta=40), "Queue position 12 · about 40 s"),
        (job("1", S.QUEUED), "In the queue"),
        (job("1", S.QUEUED, queue_position=0, eta=0), "Next in the queue"),
        (job("1", S.QUEUED, queue_position=3, total=2, finished=1), "Queue position 3 · 1 of 2 done"),
        (job("1", S.QUEUED, trouble=Trouble.NO_CONNECTION), "No connection to AI Horde · trying again"),
        (job("1", S.GENERATING, eta=20), "Generating · about 20 s"),
        (job("1", S.GENERATING, total=2), "Generating 1 of 2"),
        (job("1", S.GENERATING, total=2, finished=1, generating=1), "Generating 2 of 2"),
        (job("1", S.GENERATING, total=4, generating=3), "Generating 1 to 3 of 4"),
        (job("1", S.CANCELLING, stopping=S.CANCELLED), "Cancelling"),
        (job("1", S.CANCELLING, stopping=S.TIMED_OUT, generating=1),
         "Out of time · collecting what is finished"),
        (job("1", S.DOWNLOADING), "Downloading"),
        (job("1", S.DOWNLOADING, trouble=Trouble.NO_CONNECTION),
         "No connection to the picture’s server · trying again"),
        (job("1", S.LANDING), "Adding it to the document"),
        (job("1", S.DONE, finished=1), "Done"),
        (job("1", S.DONE, total=4, finished=4), "Done · 4 images"),
        (job("1", S.DONE, total=4, finished=2, censored=1, lost=1),
         "Done · 2 of 4 images · 1 censored · 1 lost"),
        (job("1", S.DONE, censored=1, trouble=Trouble.CENSORED),
         "The worker censored it as not safe for work. Reword the prompt or allow NSFW."),
        (job("1", S.CANCELLED, total=2, finished=1), "Cancelled · 1 of 2 images"),
        (job("1", S.TIMED_OUT), "Took longer than the max wait"),
        (job("1", S.TIMED_OUT, trouble=Trouble.NO_WORKER), "No worker came for it within the max wait"),
        (job("1", S.DONE, total=4, finished=1, censored=3, csam=1),
         "Done · 1 of 4 images · 2 censored · 1 taken for child abuse"),
        (job("1", S.KEPT, kept=1, finished=1, document_name="x.kra"),
         "The picture waited for you: open “x.kra” again or insert it elsewhere."),
        (job("1", S.KEPT, kept=1, finished=1, document_name="x", document_saved=False),
         "The picture waited for you: “x” was closed, so insert it elsewhere."),
        (job("1", S.KEPT, kept=2, finished=2, document_name="x.kra", in_reach=True),
         "2 images can go into “x.kra” now."),
        (job("1", S.FAILED, trouble=Trouble.REFUSED, detail="width is no multiple of 64"),
         "AI Horde refused the job: width is no multiple of 64"),
    ],
)  # fmt: skip
def test_an_artist_reads_how_a_job_is_doing(snapshot, text):
    assert status_text(snapshot) == text


@pytest.mark.parametrize(
    ("trouble", "seconds", "text"),
    [
        (
            Trouble.IP_TIMEOUT,
            160.2,
            "AI Horde has locked out your address for a while · trying again in 2:41",
        ),
        (Trouble.RATE_LIMITED, 3.5, "AI Horde asks us to slow down · trying again in 4 s"),
        (Trouble.MAINTENANCE, 60, "AI Horde is being maintained · trying again in 1:00"),
        (Trouble.MAINTENANCE, 0, "AI Horde is being maintained · trying again"),
        (Trouble.NO_WORKER, 0, "No worker for it at the moment · waiting for one"),
    ],
)
def test_what_is_waited_out_is_counted_down(trouble, seconds, text):
    assert status_text(job("1", S.WAITING, trouble=trouble), seconds) == text


def test_a_row_says_why_nothing_was_inserted_again():
    done = job("1", S.DONE, finished=1, trouble=Trouble.DOCUMENT_CLOSED)
    assert "Open one" in note_text(done)
    assert status_text(done) == "Done"
    assert note_text(job("1", S.DONE, finished=1, trouble=Trouble.LANDING))
    assert note_text(job("1", S.CANCELLED, finished=1, trouble=Trouble.LANDING)) == ""


@pytest.mark.parametrize("state", JobState)
def test_every_job_has_a_status(state):
    for trouble, stopping in itertools.product(Trouble, (None, S.CANCELLED, S.TIMED_OUT)):
        text = status_text(job("1", state, trouble=trouble, stopping=stopping))
        assert text
        assert "None" not in text
        assert "{" not in text
