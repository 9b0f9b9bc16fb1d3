"""India's states as ISO 3166-2:IN names them, and as telemetry writes them."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

# Codes as of the newsletter of 2023-11-23; the older codes of four states stand among the names.
STATES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("IN-AN", "Andaman and Nicobar Islands", ("Andaman & Nicobar", "Andaman and Nicobar")),
    ("IN-AP", "Andhra Pradesh", ("Andhra",)),
    ("IN-AR", "Arunachal Pradesh", ()),
    ("IN-AS", "Assam", ()),
    ("IN-BR", "Bihar", ()),
    ("IN-CG", "Chhattisgarh", ("Chattisgarh", "IN-CT", "CT")),
    ("IN-CH", "Chandigarh", ()),
    (
        # One union territory since 2020-01-26.
        "IN-DH",
        "Dadra and Nagar Haveli and Daman and Diu",
        (
            "Dadra and Nagar Haveli",
            "Daman and Diu",
            "The Dadra and Nagar Haveli and Daman and Diu",
            "Dadra Nagar Haveli and Daman Diu",
            *("IN-DN", "DN", "IN-DD", "DD"),
        ),
    ),
    ("IN-DL", "Delhi", ("National Capital Territory of Delhi", "NCT of Delhi", "New Delhi")),
    ("IN-GA", "Goa", ()),
    ("IN-GJ", "Gujarat", ("Gujrat",)),
    ("IN-HP", "Himachal Pradesh", ()),
    ("IN-HR", "Haryana", ()),
    ("IN-JH", "Jharkhand", ()),
    ("IN-JK", "Jammu and Kashmir", ()),
    ("IN-KA", "Karnataka", ()),
    ("IN-KL", "Kerala", ()),
    ("IN-LA", "Ladakh", ()),
    ("IN-LD", "Lakshadweep", ("Laccadives",)),
    ("IN-MH", "Maharashtra", ()),
    ("IN-ML", "Meghalaya", ()),
    ("IN-MN", "Manipur", ()),
    ("IN-MP", "Madhya Pradesh", ()),
    ("IN-MZ", "Mizoram", ()),
    ("IN-NL", "Nagaland", ()),
    ("IN-OD", "Odisha", ("Orissa", "IN-OR", "OR")),
    ("IN-PB", "Punjab", ()),
    ("IN-PY", "Puducherry", ("Pondicherry",)),
    ("IN-RJ", "Rajasthan", ()),
    ("IN-SK", "Sikkim", ()),
    ("IN-TN", "Tamil Nadu", ()),
    ("IN-TR", "Tripura", ()),
    ("IN-TS", "Telangana", ("IN-TG", "TG")),
    ("IN-UK", "Uttarakhand", ("Uttaranchal", "IN-UT", "UT")),
    ("IN-UP", "Uttar Pradesh", ()),
    ("IN-WB", "West Bengal", ()),
)

# What people and services put between the words of one name.
BETWEEN = " \t&-_.,()/'"


def state_names(spark: SparkSession) -> DataFrame:
    """(state_code, state_name): one row per state."""
    rows = [(code, name) for code, name, _ in STATES]
    return spark.createDataFrame(rows, "state_code string, state_name string")


def state_spellings(spark: SparkSession) -> DataFrame:
    """(spelling, state_code): every way that `spelling` leaves of a state's names and codes."""
    return spark.createDataFrame(sorted(spellings().items()), "spelling string, code string")


def spellings() -> dict[str, str]:
    return {
        squeezed(written): code
        for code, name, others in STATES
        # Both "Jammu and Kashmir" and "Jammu & Kashmir" are written.
        for told in (name, *others, code, code[3:])
        for written in (told, told.replace(" and ", " & "))
    }


def squeezed(written: str) -> str:
    return written.lower().translate(str.maketrans("", "", BETWEEN))


def spelling(column: str) -> Column:
    """The letters of what was written: what two spellings of one name have in common."""
    return F.translate(F.lower(F.col(column)), BETWEEN, "")
