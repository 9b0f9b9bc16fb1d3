"""Whole runs of usage on the tests' own Spark session."""

from contextlib import contextmanager

import pytest

from jobs.usage import job


@pytest.fixture
def usage_run(make_settings, monkeypatch, spark, store, objects):
    """usage_run(first, last=None, with_earlier=..., now=..., ratios=...) -> UsageRun."""

    @contextmanager
    def shared_session(*_args, **_kwargs):
        yield spark

    monkeypatch.setattr(job, "spark_session", shared_session)
    settings = make_settings()
    stage_ratios = job.stage_ratios

    def run(first_day, last_day=None, *, with_earlier=True, now, ratios=False):
        # They have tests of their own, and take longer than all the rest.
        monkeypatch.setattr(job, "stage_ratios", stage_ratios if ratios else lambda *_: [])
        return job.run_usage(
            settings, store, objects, first_day=first_day, last_day=last_day or first_day,
            with_earlier=with_earlier, now=now,
        )  # fmt: skip

    run.settings = settings
    return run
