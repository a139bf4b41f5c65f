"""The bench that these tests share."""

from jobs_bench import bench

__all__ = ["bench"]
