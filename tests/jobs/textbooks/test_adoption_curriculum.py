"""What a tenant may choose from, and which tenant is meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.textbooks.adoption.curriculum import nearest, tenant_of, tenants_named
from tests.jobs.textbooks.adoption_cases import (
    CBSE,
    FRAMEWORK_ROWS,
    GUJARAT,
    MAHARASHTRA,
)  # fmt: skip


@pytest.mark.parametrize("asked", ["gujarat", "Gujarat", "in-gj", " IN-GJ "])
def test_a_tenant_is_named_by_channel_state_or_code(asked):
    assert tenants_named(FRAMEWORK_ROWS, asked) == [GUJARAT]


def test_a_board_without_a_territory_adopts_like_a_state():
    assert tenant_of(FRAMEWORK_ROWS, CBSE).state_code is None
    assert tenant_of(FRAMEWORK_ROWS, CBSE).own_boards == ("CBSE",)


def test_the_board_of_a_row_decides_which_of_several_frameworks_is_meant():
    other = FRAMEWORK_ROWS[1] | {
        "framework_id": "open", "is_default": False,
        "terms": [{"category": "board", "code": "o", "name": "Open", "status": "Live"},
                  {"category": "Medium", "code": "s", "name": "Sanskrit", "status": None}],
        "boards": None,
    }  # fmt: skip
    tenant = tenant_of([FRAMEWORK_ROWS[1] | {"boards": None}, other], MAHARASHTRA)

    assert tenant.framework_of("Open").allowed("medium") == ("Sanskrit",)
    assert tenant.framework_of("State (Maharashtra)").framework_id == "maharashtra_k-12"


@given(st.sampled_from(["Gujarati", "English", "Class 7"]), st.booleans())
def test_what_differs_in_case_and_blanks_alone_is_the_nearest(term, upper):
    written = f"  {term.upper() if upper else term.lower()} "

    assert nearest(written, ("English", "Gujarati", "Class 7", "Class 8")) == term
