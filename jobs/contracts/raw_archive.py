"""Attempts that the platform has moved out of its database into files."""

from dataclasses import replace

from jobs.contracts.contract import Contract, Field
from jobs.contracts.types import TEXT


def archived(attempts: Contract) -> Contract:
    """The archive of a table of attempts, `<batch>_<collection>/<year>-<week>-<millis>.csv`: the
    same columns, and the folder's name, which is none of the file's own."""
    return replace(
        attempts,
        name="assessment_archive",
        grain="one row per learner, batch, content and archived attempt",
        fields=(
            *attempts.fields,
            Field("folder", TEXT, "the folder that holds the row: its batch and its collection"),
        ),
    )
