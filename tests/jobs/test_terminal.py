"""What a terminal shows: results on standard output, the log beside it."""

import pytest
import structlog

from jobs.terminal import configure_logging, print_table, told


@pytest.fixture
def default_logging():
    yield
    structlog.reset_defaults()


def test_columns_stand_below_each_other_and_nothing_is_blank(capsys):
    print_table([{"id": "a", "minutes": 1.5}, {"id": "longer", "minutes": None}])

    assert capsys.readouterr().out == "id      minutes\na       1.5\nlonger\n"


def test_no_rows_are_said_to_be_none(capsys):
    print_table([])

    assert capsys.readouterr().out == "none\n"


def test_counts_are_a_phrase():
    assert told({"answered": 2, "failed": 0, "lost": 1}) == "answered 2, lost 1"
    assert told({}) == "nothing to do"


@pytest.mark.usefixtures("default_logging")
def test_log_is_one_line_an_event_and_not_among_the_results(capsys):
    configure_logging()
    log = structlog.get_logger()

    log.info("table refreshed", table="batches", rows=12)
    log.debug("not shown")

    said = capsys.readouterr()
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert "event='table refreshed'" in line
    assert "rows=12" in line
