"""The bench that these tests share."""

from jobs_bench import bench
from jobs_restarts import no_krita_is_left

__all__ = ["bench", "no_krita_is_left"]
