"""Whatever files come in whatever order: a textbook has one version of a board at any instant."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobs.textbooks.adoption.curriculum import Tenant
from jobs.textbooks.adoption.difference import UNCHANGED, UPDATED, adoption_row, changes
from jobs.textbooks.adoption.wanted import Wanted
from tests.jobs.textbooks.adoption_cases import NOW

TENANT = Tenant("gujarat", "Gujarat", "IN-GJ", (), ())
MEDIUMS = st.lists(st.sampled_from(["Gujarati", "English", "Hindi"]), min_size=1, unique=True)
FILES = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(["do_1", "do_2"]), st.sampled_from(["A", "B"])), MEDIUMS
    ),
    max_size=6,
)


def wanted(file):
    return [
        Wanted(2, textbook, board, "f", "ncert", "1", "medium", mediums=tuple(mediums))
        for (textbook, board), mediums in file.items()
    ]


def apply(versions, file, at):
    """What the store does with a file: close, then open."""
    current = {
        (row["textbook_id"], row["board"]): row for row in versions if row["valid_to"] is None
    }
    done = changes(wanted(file), current, channel=TENANT.channel)
    for one in done:
        if one.kind == UPDATED:
            current[one.wanted.key]["valid_to"] = at
        if one.kind != UNCHANGED:
            row = adoption_row(one, TENANT, adopter_id="u", file_id="f", at=at)
            versions.append(row | {"valid_to": None})
    return done


@given(FILES)
def test_versions_of_a_board_follow_each_other_and_the_last_file_counts(files):
    versions, last = [], {}
    for minutes, file in enumerate(files):
        apply(versions, file, NOW + timedelta(minutes=minutes))
        last |= file

    assert {
        (row["textbook_id"], row["board"]): set(row["mediums"])
        for row in versions
        if row["valid_to"] is None
    } == {key: set(mediums) for key, mediums in last.items()}
    for key in last:
        own = [row for row in versions if (row["textbook_id"], row["board"]) == key]
        assert [row["valid_to"] for row in own[:-1]] == [row["valid_from"] for row in own[1:]]
    assert len({row["adoption_id"] for row in versions}) == len(versions)


@given(FILES)
def test_a_file_that_says_what_is_so_changes_nothing(files):
    versions = []
    for minutes, file in enumerate(files):
        apply(versions, file, NOW + timedelta(minutes=minutes))
        before = [dict(row) for row in versions]

        turned = {key: mediums[::-1] for key, mediums in file.items()}
        done = apply(versions, turned, NOW + timedelta(minutes=minutes, seconds=1))

        assert {one.kind for one in done} <= {UNCHANGED}
        assert versions == before
