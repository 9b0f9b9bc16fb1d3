"""The order of grades: KG, Class 1 to 12, any other, none."""

from __future__ import annotations

import re

from pyspark.sql import Column
from pyspark.sql import functions as F

KINDERGARTEN = "kg"
CLASS = r"^class (\d{1,2})$"
LAST_CLASS = 12
OTHER, NONE = 98, 99


def grade_rank(grade: Column) -> Column:
    """Where a grade stands among the others."""
    text = F.lower(F.trim(grade))
    number = F.regexp_extract(text, CLASS, 1).try_cast("int")
    return (
        F.when((text == "") | text.isNull(), NONE)
        .when(text == KINDERGARTEN, 0)
        .when(number.between(1, LAST_CLASS), number)
        .otherwise(OTHER)
    )


def rank_of_grade(grade: str) -> int:
    """The same, of one text."""
    text = grade.strip().lower()
    if not text or text == KINDERGARTEN:
        return 0 if text else NONE
    found = re.fullmatch(CLASS.strip("^$"), text, re.ASCII)
    number = int(found[1]) if found else 0
    return number if 1 <= number <= LAST_CLASS else OTHER
