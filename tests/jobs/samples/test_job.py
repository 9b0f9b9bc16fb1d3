from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs.errors import SettingsError
from jobs.samples.job import run_samples
from jobs.settings import Settings

AS_OF = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_samples_can_be_made_again_over_their_own(settings: Settings) -> None:
    run_samples(settings, learners=100, as_of=AS_OF)
    left_over = settings.lake / "users" / "part-00001.parquet"
    left_over.write_bytes(b"of an earlier run")

    summary = run_samples(settings, learners=120, as_of=AS_OF)

    assert summary.rows["users"] > 120
    assert not left_over.exists()


def test_published_tables_beside_the_raw_ones_stay(settings: Settings) -> None:
    published = settings.clean_lake / "progress" / "rows"
    published.parent.mkdir(parents=True)
    published.write_text("published")

    run_samples(settings, learners=100, as_of=AS_OF)

    assert published.read_text() == "published"


def test_lake_that_somebody_else_filled_is_left_alone(settings: Settings) -> None:
    theirs = settings.lake / "users" / "export.parquet"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"theirs")

    with pytest.raises(SettingsError, match="did not make"):
        run_samples(settings, learners=100, as_of=AS_OF)

    assert theirs.read_bytes() == b"theirs"
    assert not (settings.home / "secrets").exists()


def test_platform_key_that_somebody_else_wrote_is_left_alone(settings: Settings) -> None:
    key = settings.home / "secrets" / "platform_key"
    key.parent.mkdir(parents=True)
    key.write_text("theirs")

    with pytest.raises(SettingsError, match="platform_key"):
        run_samples(settings, learners=100, as_of=AS_OF)

    assert key.read_text() == "theirs"


def test_too_few_learners_leave_no_trace(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="100 or more"):
        run_samples(settings, learners=10, as_of=AS_OF)

    assert not settings.home.exists()


def test_settings_read_the_key_that_the_samples_wrote(settings: Settings) -> None:
    run_samples(settings, learners=100, as_of=AS_OF)

    found = Settings(home=settings.home)

    assert found.platform_key is not None
    assert len(found.platform_key.get_secret_value()) == 16
