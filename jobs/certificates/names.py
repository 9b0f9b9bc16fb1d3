"""A certificate's name as names are compared: no difference of case, blanks collapsed."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def name_key(name: Column) -> Column:
    # Upper and then lower is what case folding comes to: both forms of a letter become one.
    blanks = F.regexp_replace(name, "[\\s\\u00a0]+", " ")
    return F.nullif(F.lower(F.upper(F.trim(blanks))), F.lit(""))


def name_key_of(name: str | None) -> str | None:
    """The same in plain Python, for one certificate at the minute of its issue."""
    return " ".join((name or "").split()).upper().lower() or None
