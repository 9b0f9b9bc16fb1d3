"""A small platform to make something of."""

from tests.jobs.exhausts.conftest import make_platform, platform

__all__ = ["make_platform", "platform"]
