"""The limit on the length of a file."""

from tools.house import LONGEST, too_long


def test_file_at_the_limit_is_named_with_its_length(tmp_path):
    (tmp_path / "long.py").write_text("x = 1\n" * LONGEST)
    (tmp_path / "short.sql").write_text("SELECT 1\n" * (LONGEST - 1))
    (tmp_path / "table.md").write_text("words\n" * 1000)

    found = too_long(tmp_path, ["long.py", "short.sql", "table.md", "removed.py"])

    assert found == ["long.py: 250 lines; a file stays under 250: split it"]
