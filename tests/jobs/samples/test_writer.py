import csv
import hashlib
import json
import stat
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from jobs.contracts.raw import RAW_TABLES
from jobs.samples.batches import BATCHES, BIG
from jobs.samples.names import SCRIPTS
from jobs.samples.people import make_people
from jobs.samples.seats import make_seats
from jobs.samples.writer import CSV, JSON_LINES, TABLES, make_rows, write_samples
from jobs.sources.cipher import decrypt, is_ciphertext

AS_OF = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("samples")
    write_samples(home / "lake", home / "secrets", as_of=AS_OF, learners=300)
    return home


def digests(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def test_same_instant_learners_and_seed_give_the_same_bytes(made: Path, tmp_path: Path) -> None:
    write_samples(tmp_path / "lake", tmp_path / "secrets", as_of=AS_OF, learners=300)

    assert digests(tmp_path) == digests(made)


def test_another_seed_gives_other_learners_and_another_key(made: Path, tmp_path: Path) -> None:
    write_samples(tmp_path / "lake", tmp_path / "secrets", as_of=AS_OF, learners=300, seed=1)

    changed = {path for path, digest in digests(tmp_path).items() if digests(made)[path] != digest}
    assert {"lake/users/part-00000.parquet", "secrets/platform_key"} <= changed


@pytest.mark.parametrize("table", [t for t in TABLES if t not in JSON_LINES + CSV])
def test_parquet_tables_have_the_columns_and_types_of_their_contract(
    made: Path, table: str
) -> None:
    found = pq.read_schema(made / "lake" / table / "part-00000.parquet")

    assert found.equals(RAW_TABLES[table].arrow_schema())


@pytest.mark.parametrize("table", [t for t in CSV if t in RAW_TABLES])
def test_csv_tables_have_the_columns_of_their_contract(made: Path, table: str) -> None:
    with (made / "lake" / table / "part-00000.csv").open(encoding="utf-8", newline="") as lines:
        assert set(next(csv.reader(lines))) == set(RAW_TABLES[table].columns)


@pytest.mark.parametrize("table", [t for t in JSON_LINES if t in RAW_TABLES])
def test_json_lines_have_the_columns_of_their_contract_and_maps_as_text(
    made: Path, table: str
) -> None:
    lines = (made / "lake" / table / "part-00000.jsonl").read_text(encoding="utf-8").splitlines()

    for line in lines:
        row = json.loads(line)
        assert set(row) == set(RAW_TABLES[table].columns)
        assert not any(isinstance(value, dict | list) for value in row.values())


def test_there_are_twelve_batches_and_one_has_two_thousand_learners() -> None:
    rows = make_rows(np.random.default_rng(7), AS_OF, 5000, str, str)

    batch_ids = {row["batchid"] for row in rows["course_batch"]} - {None}
    reported = {
        (row["batchid"], row["userid"])
        for row in rows["user_enrolments"]
        if row["active"] and (row["enrolled_date"] or row["enrolleddate"])
    }
    sizes = Counter(batch for batch, _ in reported)
    assert len(batch_ids) == 12
    assert sizes[BIG.batch_id] == 2_000
    assert sizes.most_common(2)[1][1] < 1_000
    assert {batch.status for batch in BATCHES} == {0, 1, 2}
    assert 5_000 < len(rows["users"]) < 5_100


def test_no_seat_is_taken_twice_and_nothing_happens_after_now() -> None:
    rng = np.random.default_rng(11)
    people = make_people(rng, 1000, str, AS_OF)

    seats = make_seats(rng, people, 1000, AS_OF)

    assert len({(seat.user_id, seat.batch.batch_id) for seat in seats}) == len(seats)
    assert max(seat.written_at for seat in seats) <= AS_OF
    assert all(not s.completed_at or s.completed_at >= s.enrolled_at for s in seats)


def test_names_come_in_six_indian_scripts_and_latin(made: Path) -> None:
    users = pq.read_table(made / "lake" / "users").to_pylist()

    found = {user["firstname"] for user in users}
    for script, (firsts, _) in SCRIPTS.items():
        assert found.intersection(firsts), script


def test_addresses_open_with_the_key_and_salt_that_were_written(made: Path) -> None:
    key = (made / "secrets" / "platform_key").read_text().strip()
    salt = (made / "secrets" / "platform_salt").read_text().strip()
    users = pq.read_table(made / "lake" / "users").to_pylist()
    sealed = [user["email"] for user in users if user["email"] and is_ciphertext(user["email"])]

    assert len(key) == 16
    assert len(sealed) > 200
    assert all("@" in decrypt(text, key=key, salt=salt) for text in sealed)


@pytest.mark.parametrize("name", ["platform_key", "platform_salt"])
def test_secrets_are_closed_to_others(made: Path, name: str) -> None:
    assert stat.S_IMODE((made / "secrets" / name).stat().st_mode) == 0o600


def test_more_users_than_are_enciphered_one_by_one_share_addresses() -> None:
    sealed: list[str] = []

    def seal(text: str) -> str:
        sealed.append(text)
        return text

    make_people(np.random.default_rng(1), 20_001, seal, AS_OF - timedelta(days=1))

    assert len(sealed) < 11_000


def test_too_few_learners_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least 100"):
        write_samples(tmp_path / "lake", tmp_path / "secrets", as_of=AS_OF, learners=99)

    assert not list(tmp_path.iterdir())
