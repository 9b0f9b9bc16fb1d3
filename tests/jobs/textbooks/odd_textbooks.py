"""The reports of textbooks with everything odd: the sample's, two more, adoptions and scans."""

import json

from jobs.samples.places import GUJARAT, KARNATAKA, NATIONAL
from jobs.samples.textbook_trees import Unit, tree_of
from jobs.samples.textbooks import MATHS_7, SHARED_CODE
from tests.jobs.textbooks.report_tables import adoption, sample_textbooks, tables_of, textbook

FIVE = "do_five"
TWINS = "do_twins"
GUJARATI = adoption(
    MATHS_7,
    GUJARAT,
    mode="metadata",
    name="Ganit 7",
    mediums=["Gujarati"],
    grades=["Class 8"],
    subjects=["Ganit"],
)
# The same tenant shows it for a second board, and another state shows it as it is.
ADOPTIONS = [GUJARATI, GUJARATI | {"board": "CBSE"}, adoption(MATHS_7, KARNATAKA)]
SCANS = [
    ("tenant", NATIONAL.channel, SHARED_CODE, 50),
    ("tenant", GUJARAT.channel, SHARED_CODE, 30),
    ("ambiguous", "", SHARED_CODE, 7),
    ("tenant", NATIONAL.channel, "B02Q06", 2),
    ("tenant", NATIONAL.channel, "B02Q07", 3),
]


def drawn(version_id, *units, codes=()):
    tree = tree_of(77, version_id, units, codes)
    return textbook(version_id, json.dumps(tree), channel=NATIONAL.channel, name=version_id)


def odd_tables(spark):
    """{table: rows as dicts}"""
    empty = [Unit(f"Chapter {n}", (f"C{n}",), (), (Unit("Part", (f"P{n}",)),)) for n in range(1, 6)]
    twins = [Unit("Revision", ("SAME",), (1,)) for _ in range(2)]
    more = [drawn(FIVE, *empty, codes=("ROOT",)), drawn(TWINS, *twins)]
    found = tables_of(spark, [*sample_textbooks(), *more], ADOPTIONS, SCANS)
    return {name: table.to_pylist() for name, table in found.items()}
