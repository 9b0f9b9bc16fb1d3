"""The lake catalogue says where each raw table is, and names the entry that it cannot use."""

import pytest

from jobs.contracts.raw import RAW_TABLES
from jobs.errors import SettingsError, UnavailableError
from jobs.storage.catalogue import load_catalogue


@pytest.fixture
def catalogue(tmp_path):
    """catalogue('[users]\\n...') -> its sources; the lake is `tmp_path / "lake"`."""

    def load(text):
        file = tmp_path / "lake.toml"
        file.write_text(text, encoding="utf-8")
        return load_catalogue(file, tmp_path / "lake")

    return load


@pytest.fixture
def put(tmp_path):
    def write(name, text="x"):
        file = tmp_path / "lake" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    return write


def test_out_of_the_box_every_raw_table_is_a_folder_of_the_lake(tmp_path):
    sources = load_catalogue(None, tmp_path)

    assert set(RAW_TABLES) <= set(sources)
    assert {s.path for s in sources.values()} == {str(tmp_path / name) for name in sources}
    # Telemetry comes in a folder a day, of more than one format.
    assert {name: s.format for name, s in sources.items() if s.format} == {"telemetry": "folders"}


@pytest.mark.parametrize(
    ("file", "format"),
    [
        ("part-0.parquet", "parquet"),
        ("a.jsonl", "json"),
        ("a.json.gz", "json"),
        ("a.csv", "csv"),
        ("day=1/a.csv.gz", "csv"),
    ],
)
def test_format_is_told_by_the_files_endings(catalogue, put, file, format):
    put(f"users/{file}")
    put("users/_SUCCESS")
    put("users/.part.crc")

    assert catalogue('[users]\npath = "{lake}/users"')["users"].format == format


def test_files_of_two_kinds_or_of_an_unknown_one_are_refused_by_name(catalogue, put):
    put("users/a.csv")
    put("users/b.xlsx")

    with pytest.raises(UnavailableError, match=r"`users` holds files ending in \.csv, \.xlsx"):
        catalogue('[users]\npath = "{lake}/users"')


def test_any_spark_source_is_taken_with_its_options_and_secrets(catalogue, tmp_path):
    (tmp_path / "password").write_text("canary\n")

    source = catalogue(
        '[users]\nformat = "jdbc"\n'
        f'options = {{ dbtable = "users", password = {{ file = "{tmp_path}/password" }} }}'
    )["users"]

    assert (source.format, source.path) == ("jdbc", None)
    assert source.options == {"dbtable": "users", "password": "canary"}
    assert "canary" not in repr(source)
    assert source.byte_count is None


def test_secret_that_cannot_be_read_names_the_table(catalogue):
    with pytest.raises(SettingsError, match=r"secret of `users` that cannot be read.*/nowhere"):
        catalogue('[users]\nformat = "jdbc"\noptions = { password = { file = "/nowhere" } }')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[users]\npaht = "x"', r"says paht of `users`; a table has format, path"),
        ("users = 3", r"of `users`; a table has format, path"),
        ("[users", r"is not TOML"),
    ],
)
def test_entry_that_cannot_be_used_is_named_with_the_file(catalogue, text, told):
    with pytest.raises(SettingsError, match=rf"lake\.toml.*{told}"):
        catalogue(text)


def test_catalogue_that_is_not_there_names_the_setting(tmp_path):
    with pytest.raises(SettingsError, match="SUNBIRD_BATCH_LAKE_CATALOGUE"):
        load_catalogue(tmp_path / "none.toml", tmp_path)


def test_size_is_that_of_the_files_on_this_machine(catalogue, put):
    put("users/a.csv", "12345")
    put("users/more/b.csv", "123")

    assert catalogue('[users]\npath = "{lake}/users"')["users"].byte_count == 8
    assert catalogue('[users]\npath = "{lake}/none"')["users"].byte_count == 0
