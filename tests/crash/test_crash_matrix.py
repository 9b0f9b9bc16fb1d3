"""Commands that are ended by SIGKILL at a named step, and what the next commands make of it."""

import pytest

from tests.crash import judge
from tests.crash.drive import crash, points

STEPS = ("claim", "build", "archive", "upload", "publish", "send")
POINTS = points(*STEPS)
# One of each kind of trouble: taken and gone, a file aside, an unsent answer, an unread one.
QUICK = {"send: answer not read"}
WITHOUT = {
    "stable_message_id": ("send: answer read", "Message-IDs"),
    "note_after_the_answer": ("send: composed", "never mailed"),
    "files_are_renamed_when_whole": ("upload: written aside", "half a file"),
    "leases_are_taken_over": ("claim: taken", "is PROCESSING at the end"),
    "left_files_are_cleared": ("archive: in the middle", "stays for ever"),
}


def test_every_step_has_its_points_and_there_are_enough_of_them():
    assert {point.partition(":")[0] for point in POINTS} == set(STEPS)
    assert len(POINTS) >= 14


@pytest.mark.parametrize(
    "point",
    [point if point in QUICK else pytest.param(point, marks=pytest.mark.full) for point in POINTS],
)
def test_killed_command_loses_nothing_and_says_nothing_twice(drive, point):
    crash(drive, point)

    history = judge.read(drive.path)
    assert judge.was_killed(history), drive.last.stderr[-2000:]
    assert judge.faults(history) == []
    copies = len(judge.of(history, "mail")) - len(judge.of(history, "asked"))
    assert copies == (1 if point in judge.AMBIGUOUS else 0)


@pytest.mark.full
@pytest.mark.parametrize(("guard", "point", "fault"), [(g, *w) for g, w in WITHOUT.items()])
def test_without_the_guard_the_judge_notices(drive, guard, point, fault):
    crash(drive, point, without=guard)

    history = judge.read(drive.path)
    assert judge.was_killed(history), drive.last.stderr[-2000:]
    assert any(fault in found for found in judge.faults(history))
