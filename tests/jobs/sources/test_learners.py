"""Learners from drawn raw rows of three tables."""

from datetime import date

import pytest
from pyspark.sql import functions as F

from jobs.contracts.learning import LEARNERS
from jobs.contracts.raw import ORGANISATION, USERS, USR_EXTERNAL_IDENTITY
from jobs.sources.keys import first_of_key
from jobs.sources.learners import learners
from jobs.sources.raw import typed
from tests.tables import table_of, values

pytestmark = pytest.mark.usefixtures("spark")


def typed_users(drawing):
    return typed(table_of(USERS)(drawing), USERS)


def rows_of(refined):
    within = refined.rows.withColumn("bucket", F.lit(0))
    return first_of_key(within, LEARNERS, refined.best_first, within="bucket")


def test_day_of_birth_is_a_whole_day_that_there_was():
    made = learners(
        typed_users(
            """
            | userid | dob                 |
            | whole  | 1990-02-28T00:00:00 |
            | year   | 1990                |
            | none   | 1990-02-31          |
            | zero   | 0000-01-01          |
            """,
        ),
        table_of(USR_EXTERNAL_IDENTITY)(),
        table_of(ORGANISATION)(),
    )
    born = values(rows_of(made), "born_on", by="user_id")
    assert born == {"whole": date(1990, 2, 28), "year": None, "none": None, "zero": None}


def test_external_id_is_the_one_of_the_learners_own_tenant():
    made = learners(
        typed_users(
            """
            | userid | firstname | lastname | channel | rootorgid | orgname | board              | status |
            | several | Asha     |          | ap      | org1      |         | ["CBSE","Other"]   | 1      |
            | typed  |           |          | ap      | org1      | Given   | State (AP)         | 0      |
            | other  | A         | B        | kl      | org2      |         | []                 |        |
            """,
        ),
        table_of(USR_EXTERNAL_IDENTITY)(
            """
            | userid  | externalid | provider | idtype | originalexternalid |
            | several | b2         | ap       | x      | B2                 |
            | several | a1         | AP       | x      | A1                 |
            | typed   | a1         | ap       | x      |                    |
            | typed   | z9         | org1     | org1   |                    |
            | other   | k1         | ap       | ap     |                    |
            """,
        ),
        table_of(ORGANISATION)(
            """
            | id   | orgname |
            | org1 | Andhra  |
            """,
        ),
    )
    assert values(
        rows_of(made),
        "external_id",
        "user_name",
        "org_name",
        "board",
        "is_active",
        by="user_id",
    ) == {
        "several": ("A1", "Asha", "Andhra", "CBSE", True),
        "typed": ("z9", None, "Given", "State (AP)", False),
        "other": (None, "A B", None, "[]", True),
    }
