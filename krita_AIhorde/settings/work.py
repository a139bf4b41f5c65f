"""The settings of how the plugin works, whatever the picture: who generates, account, files, docker."""

from __future__ import annotations

from .choices import LOG_OPTIONS, WORKER_OPTIONS
from .setting import Section, Setting

MAX_WAIT = Setting(
    "max_wait", 10.0, "Max wait (minutes)",
    "A job that takes longer is stopped; pictures that are finished by then are kept.",
    0.1, 60.0, 1.0,
    widget="maxWait", section=Section.ADVANCED,
)  # fmt: skip
CENSOR_NSFW = Setting(
    "censor_nsfw", True, "Censor NSFW pictures",
    "While NSFW is off, a picture that turns out so comes back black. Unticked, it comes as it is.",
    api="censor_nsfw", widget="censorNsfw", section=Section.ADVANCED,
)  # fmt: skip
TRUSTED_WORKERS = Setting(
    "trusted_workers", False, "Trusted workers only",
    "Only workers whose owners the Horde trusts. There are fewer of them.",
    api="trusted_workers", widget="trustedWorkers", section=Section.ADVANCED,
)  # fmt: skip
SLOW_WORKERS = Setting(
    "slow_workers", True, "Slow workers",
    "Slow workers may take the job, too. Off: a fifth more kudos, which you must have beforehand.",
    api="slow_workers", widget="slowWorkers", section=Section.ADVANCED,
)  # fmt: skip
EXTRA_SLOW_WORKERS = Setting(
    "extra_slow_workers", False, "Very slow workers",
    "Workers that take many minutes for a picture may take the job, too.",
    api="extra_slow_workers", widget="extraSlowWorkers", section=Section.ADVANCED,
)  # fmt: skip
ALLOW_DOWNGRADE = Setting(
    "allow_downgrade", False, "Smaller if kudos are missing",
    "If you lack the kudos, the Horde makes the picture smaller or with fewer steps, instead of refusing it. "
    "Needs a chosen model.",
    api="allow_downgrade", widget="allowDowngrade", section=Section.ADVANCED,
)  # fmt: skip
WORKER_CHOICE = Setting(
    "worker_choice", "any", "Workers", "Which workers may generate.",
    options=WORKER_OPTIONS,
    api="worker_blacklist", widget="workerChoice", section=Section.ADVANCED,
    help="Which workers may generate: any, only those you name, or all but those you name. *Only these "
    "workers* ignores the chosen model: they use whichever they have. *All but these workers* costs a tenth "
    "more kudos.",
)  # fmt: skip
PREFERRED_WORKERS: Setting[tuple[str, ...]] = Setting(
    "preferred_workers", (), "Only these workers", "Ids of workers. The Horde looks at the first five.",
    api="workers", widget="preferredWorkers", section=Section.ADVANCED,
)  # fmt: skip
BLOCKED_WORKERS: Setting[tuple[str, ...]] = Setting(
    "blocked_workers", (), "All but these workers", "Ids of workers. The Horde looks at the first five.",
    api="workers", widget="blockedWorkers", section=Section.ADVANCED,
)  # fmt: skip

API_KEY = Setting(
    "api_key", "", "API key",
    "Your AI Horde key. Empty: anonymous, which works, with the longest waits.",
    empty="anonymous", widget="apiKey", section=Section.ACCOUNT, kept=True, private=True,
    help="Your AI Horde key. Empty means anonymous: that works, with the longest waits. A key is free at "
    "[aihorde.net/register](https://aihorde.net/register).",
)  # fmt: skip

RESULTS_LIMIT = Setting(
    "results_limit", 2.0, "Keep pictures up to (GB)",
    "Every picture is also kept as a file. Beyond this, the oldest files are removed; never one whose "
    "picture is not in a document yet.",
    0.1, 100.0, 0.5,
    widget="resultsLimit", section=Section.FILES,
)  # fmt: skip
LOG_LEVEL = Setting(
    "log_level", "info", "Log", "How much is written into the log file. “Everything” helps to find a fault.",
    options=LOG_OPTIONS, widget="logLevel", section=Section.FILES,
)  # fmt: skip
UPDATE_CHECK = Setting(
    "update_check", True, "Look for updates", "Says so when there is a newer version of this plugin.",
    widget="updateCheck", section=Section.FILES,
)  # fmt: skip

# What has no control of its own.
FAVOURITE_MODELS: Setting[tuple[str, ...]] = Setting(
    "favourite_models", (), "Favourite models", kept=True
)  # fmt: skip
RECENT_MODELS: Setting[tuple[str, ...]] = Setting("recent_models", (), "Recent models", kept=True)
WORKER_NAMES: Setting[tuple[str, ...]] = Setting(
    "worker_names", (), "Names of the chosen workers", kept=True
)  # each "id name"; a worker that is offline has no other
NEWS_SEEN = Setting("news_seen", "", "The newest news that was seen", kept=True, private=True)
UPDATE_CHECKED = Setting(
    "update_checked", 0.0, "When it was last looked for updates", "", 0.0, 1e12, kept=True, private=True
)  # fmt: skip
PREDECESSOR_TAKEN = Setting(
    "predecessor_taken", False, "The predecessor's settings were taken over", kept=True, private=True
)  # fmt: skip
# What of the docker is unfolded is remembered like any other choice.
SECTION_BASIC_OPEN = Setting("section_basic_open", True, "Basic", kept=True)
SECTION_ADVANCED_OPEN = Setting("section_advanced_open", False, "Advanced", kept=True)
SECTION_POST_PROCESSING_OPEN = Setting(
    "section_post_processing_open", False, "Post-processing", kept=True
)  # fmt: skip
SECTION_ACCOUNT_OPEN = Setting("section_account_open", False, "Account", kept=True)
SECTION_FILES_OPEN = Setting("section_files_open", False, "Files and help", kept=True)
