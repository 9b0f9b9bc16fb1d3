"""Frameworks as the tenants use them: owned or by default, with every term."""

from jobs.contracts.raw_frameworks import CHANNEL_FRAMEWORK, FRAMEWORK
from jobs.sources.frameworks import frameworks
from tests.tables import table_of

tenants, terms = table_of(CHANNEL_FRAMEWORK), table_of(FRAMEWORK)


def test_a_tenant_has_the_frameworks_that_it_owns_and_the_one_that_it_uses(spark):
    refined = frameworks(
        tenants("""
            | channel | defaultframework | state   | statecode | boards              |
            | gujarat | gj_k-12          | Gujarat | in-gj     | ["State (Gujarat)"] |
            | goa     | ncf              | Goa     | IN-GA     |                     |
            | nowhere |                  |         |           |                     |
        """),
        terms("""
            | framework | channel | category | code | name       | status  |
            | gj_k-12   | gujarat | medium   | gu   | Gujarati   | Live    |
            | gj_k-12   | gujarat | medium   | gu   | Gujarati   | Live    |
            | gj_k-12   | gujarat | medium   | sd   | Sindhi     | Retired |
            | ncf       | ncert   | board    | n    | NCERT      |         |
            | ncf       | ncert   | board    |      | No code    |         |
        """),
    )

    found = {(row["channel"], row["framework_id"]): row for row in refined.rows.collect()}
    assert found.keys() == {("gujarat", "gj_k-12"), ("goa", "ncf"), ("ncert", "ncf")}
    gujarat, goa, ncert = (
        found["gujarat", "gj_k-12"], found["goa", "ncf"], found["ncert", "ncf"],
    )  # fmt: skip
    assert (gujarat["state_code"], gujarat["boards"]) == ("IN-GJ", ["State (Gujarat)"])
    assert [(term["name"], term["status"]) for term in gujarat["terms"]] == [
        ("Gujarati", "Live"), ("Sindhi", "Retired"),
    ]  # fmt: skip
    assert (goa["is_default"], goa["terms"][0]["status"], goa["boards"]) == (True, "Live", None)
    assert (ncert["is_default"], ncert["state"]) == (False, None)
    kept_out = refined.kept_out["framework"].collect()
    assert [row["reason"] for row in kept_out] == ["missing_code"]
