"""Each numbered case of certificates has a test that bears its number, and a page tells which."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CASES = range(1, 73)
NUMBERED = re.compile(r"^def (test_cases?_(\d+(?:_and_\d+)*)_\w+)\(", re.MULTILINE)
ROW = re.compile(r"^\| (\d+) \| \[[^\]]+\]\(\.\./([^)]+)\) `(\w+)` \|$", re.MULTILINE)


def borne() -> set[tuple[int, str, str]]:
    """(case, file, test) of all tests that bear a number."""
    return {
        (int(number), path.relative_to(ROOT).as_posix(), name)
        for path in (ROOT / "tests").rglob("test_*.py")
        for name, numbers in NUMBERED.findall(path.read_text(encoding="utf-8"))
        for number in numbers.split("_and_")
    }


def test_every_case_is_a_test():
    assert {number for number, _, _ in borne()} == set(CASES)


def test_the_page_of_cases_names_the_tests_of_each():
    page = (ROOT / "docs" / "certificate-cases.md").read_text(encoding="utf-8")
    rows = [(int(number), path, name) for number, path, name in ROW.findall(page)]

    assert sorted(rows) == sorted(borne())
    assert [number for number, _, _ in rows] == sorted(number for number, _, _ in rows)
