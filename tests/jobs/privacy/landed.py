"""Landed events drawn as files, as a run of the usage metrics leaves them."""

import pyarrow as pa
import pyarrow.parquet as pq

from jobs.contracts.landed_events import LANDED_EVENTS
from jobs.storage.event_files import EventFiles
from tests.tables import rows_of

# A folder tells the kind.
SCHEMA = pa.schema([field for field in LANDED_EVENTS.arrow_schema() if field.name != "kind"])


def land(settings, place, table):
    """land(settings, "2026-03-01/v1/2026-03-01/play", drawn table) -> the file."""
    arrival, version, part, kind = place.split("/")
    folder = EventFiles(settings.clean_lake).landed / f"arrival={arrival}" / f"version={version}"
    return write(folder / f"part={part}" / f"kind={kind}", table)


def click(settings, run, kind, table):
    """What is made of landed clicks, of all days at once."""
    files = EventFiles(settings.clean_lake)
    return write(files.clicks(run) / "is_double=false" / "day=2026-03-01" / f"kind={kind}", table)


def write(folder, table):
    folder.mkdir(parents=True)
    path = folder / "part-0.parquet"
    pq.write_table(pa.Table.from_pylist(rows_of(LANDED_EVENTS, table), schema=SCHEMA), path)
    (folder / ".part-0.parquet.crc").write_bytes(b"of the rows before")
    return path


def read(path, *columns):
    return [tuple(row.values()) for row in pq.read_table(path, columns=list(columns)).to_pylist()]
