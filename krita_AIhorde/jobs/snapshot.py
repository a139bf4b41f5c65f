"""What a row of the job list shows: a frozen picture of one job."""

from __future__ import annotations

import enum

from attrs import frozen

from krita_AIhorde.imaging.geometry import Extent
from krita_AIhorde.jobs.spec import Operation
from krita_AIhorde.jobs.states import JobState

UNKNOWN = -1


class Trouble(enum.Enum):
    """Why something did not work. The docker has a sentence for each (``ui.words``)."""

    NONE = ""
    NO_CONNECTION = "no_connection"  # DNS, refused, network down
    PROXY = "proxy"  # it is not there, or lets nobody through
    PROXY_LOGIN = "proxy_login"
    PROXY_KIND = "proxy_kind"  # SOCKS, or no address
    NO_ANSWER = "no_answer"  # sent, but no whole answer came
    SERVER = "server"  # 5xx, HTML instead of JSON
    TLS = "tls"
    INSECURE = "insecure"  # a key would have gone over plain http
    RATE_LIMITED = "rate_limited"
    TOO_MANY_JOBS = "too_many_jobs"  # the Horde's concurrency
    BAD_KEY = "bad_key"
    KUDOS = "kudos"  # kudos needed upfront
    IP_TIMEOUT = "ip_timeout"
    MAINTENANCE = "maintenance"
    PROMPT = "prompt"  # refused by the Horde's filter
    REFUSED = "refused"  # any other 4xx
    EXPIRED = "expired"
    NO_WORKER = "no_worker"  # is_possible is false
    WORKER_FAILED = "worker_failed"  # ended without all images
    CENSORED = "censored"
    CENSORED_CSAM = "censored_csam"
    IMAGE_LOST = "image_lost"  # finished there, but could not be fetched or read
    DOCUMENT_CLOSED = "document_closed"
    LANDING = "landing"  # Krita did not take the layer
    DISK = "disk"  # a file of ours could not be written
    UNEXPECTED = "unexpected"  # a fault of ours


class RowAction(enum.Enum):
    CANCEL = "cancel"
    INSERT = "insert"
    SEND_AGAIN = "send_again"
    INSERT_AGAIN = "insert_again"  # put into a document once more what has landed
    FETCH_AGAIN = "fetch_again"  # try once more to download what counts as lost
    # What mends the job's trouble: the last three send it again, changed.
    ENTER_KEY = "enter_key"
    CHOOSE_MODEL = "choose_model"
    LOWER_SIZE = "lower_size"
    ALLOW_SLOWER = "allow_slower"
    DISMISS = "dismiss"


@frozen
class JobSnapshot:
    id: str
    operation: Operation
    state: JobState
    prompt: str
    document_name: str
    total: int
    document_saved: bool = True  # it had a file at the click, by which the artist can open it again
    horde_id: str = ""
    queue_position: int = UNKNOWN
    eta: int = UNKNOWN  # seconds
    finished: int = 0  # images that came back usable
    generating: int = 0  # images that workers are at
    censored: int = 0  # for whatever reason
    csam: int = 0  # of them, those that were taken for child abuse
    lost: int = 0  # finished at the Horde, but not to be had
    kept: int = 0  # on our side, waiting for a document
    trouble: Trouble = Trouble.NONE  # the end's reason, or what is being waited out
    detail: str = ""  # the server's own words
    rc: str = ""  # the server's code for it
    until: float = 0.0  # time.monotonic() when what is being waited out ends; 0 = nobody knows
    in_reach: bool = False  # its document is open: what is kept (or has landed) can be inserted there
    unsafe: bool = False  # it could not be written down: it would not survive a crash of Krita
    favourite: bool = False  # its files are kept whatever room they take
    resized: bool = False  # it landed on a canvas of another size than at the click
    made: Extent | None = None  # the size that came, where it is smaller than what was asked for
    warnings: tuple[str, ...] = ()  # the Horde's own words on a request that it accepted
    stopping: JobState | None = None  # CANCELLED or TIMED_OUT once a stop is under way or done
    actions: frozenset[RowAction] = frozenset()
