"""Each run looks at the whole queue: the verdict is kept, and an alarm is in the log."""

from datetime import timedelta

from structlog.testing import capture_logs

from tests.jobs.exhausts.small_platform import NOW


def verdicts(platform):
    return platform.select(
        "SELECT verdict, severity, found_count, checked_count FROM operations.gate_verdict"
        " WHERE check_name = 'no request is stranded' ORDER BY verdict_id"
    )


def test_a_run_without_anybody_stranded_keeps_that_it_looked(platform):
    platform.ask("b1")
    platform.claim()
    assert verdicts(platform) == [
        {"verdict": "passed", "severity": "warn", "found_count": 0, "checked_count": 1}
    ]


def test_a_run_that_leaves_somebody_alone_says_so_aloud(platform):
    lost = platform.ask("b1")
    platform.change("UPDATE job_request SET status = 'SUCCESS', dt_job_completed = %s", NOW)
    platform.claim()
    with capture_logs() as logs:
        platform.claim(now=NOW + timedelta(minutes=1))
    assert verdicts(platform)[-1]["verdict"] == "failed"
    (alarm,) = [line for line in logs if line["event"] == "requests_stranded"]
    assert alarm["log_level"] == "error"
    assert (alarm["requests"], alarm["first"]) == (1, lost)
    assert "no message tells" in alarm["reason"]


def test_a_healthy_life_is_never_stranded(platform):
    good, bad = platform.ask("b1"), platform.ask("b-none")
    for minute in range(3):
        platform.claim(now=NOW + timedelta(minutes=minute))
        platform.cut(now=NOW + timedelta(minutes=minute))
        platform.check(now=NOW + timedelta(minutes=minute))
    platform.claim(now=NOW + timedelta(days=1))
    assert {platform.request(one)["status"] for one in (good, bad)} == {"SUCCESS", "FAILED"}
    assert {one["verdict"] for one in verdicts(platform)} == {"passed"}
