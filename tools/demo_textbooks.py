"""The textbooks of the demo: a state hands over a file, good rows and bad ones in it."""

from datetime import UTC, datetime, timedelta

from psycopg import Connection
from psycopg.rows import DictRow

from jobs.samples.adoptions import OF_GUJARAT, OF_KARNATAKA
from jobs.settings import Settings
from jobs.storage import adoptions
from jobs.storage.aside import folder_aside
from jobs.storage.objects import open_objects
from jobs.storage.store import Store
from jobs.textbooks.adoption.job import adopt
from jobs.textbooks.adoption.order import Order
from jobs.textbooks.inbox.job import WAITING, open_inbox
from tools.progress import Progress

# Usage is credited by what held when it happened, and no file can be back-dated: the small Sunbird
# gets a past, in which a state had adopted a book before the days that are counted.
EARLIER = timedelta(days=21)
BOARD, MEDIUM = "State (Gujarat)", "Gujarati"
FILES = """
SELECT file_name, status, row_count, applied_count, unchanged_count, rejected_count, error_count
FROM operations.adoption_file ORDER BY taken_at DESC LIMIT 5
"""


def hand_over(settings: Settings) -> dict[str, object]:
    """Put the file into the inbox; returns what a person would fill into the DAG's form."""
    with folder_aside() as aside:
        path = aside / OF_GUJARAT.name
        path.write_text(OF_GUJARAT.text, encoding="utf-8")
        open_inbox(settings).put(f"{WAITING}/{OF_GUJARAT.key}", path)
    return {"file": OF_GUJARAT.key, "dry_run": False}


def adopt_earlier(settings: Settings, store: Store, progress: Progress) -> None:
    """What Karnataka's file did three weeks ago; in a second demo nothing more."""
    file = OF_KARNATAKA
    order = Order(file.name, file.text.encode(), file.channel, file.adopter_id)
    then = datetime.now(UTC) - EARLIER
    outcome = adopt(settings, store, open_objects(settings), order, now=then)
    progress.say(f"Textbooks: Karnataka's file, as of {then:%d %B}: {outcome.status}")


def textbook_lines(store: Store) -> list[str]:
    with store.transaction() as connection:
        files = connection.execute(FILES).fetchall()
        held = adoptions.current_adoptions(connection)
        shown = shown_count(connection)
    lines = [
        f"{row['file_name']}: {row['status']}; of {row['row_count']} rows {row['applied_count']}"
        f" applied, {row['unchanged_count']} unchanged, {row['rejected_count']} rejected with"
        f" {row['error_count']} errors"
        for row in files
    ]
    lines += [
        f"{row['textbook_id']} is shown under {row['board']}"
        f" in {', '.join(row['mediums'] or ['the mediums of its publisher'])}"
        for row in held
    ]
    return [*lines, f"a reader of {BOARD} in {MEDIUM} sees {shown} textbooks"]


def shown_count(connection: Connection[DictRow]) -> int:
    row = connection.execute(
        "SELECT count(DISTINCT textbook_id) AS n FROM operations.textbook_catalogue"
        " WHERE is_shown AND board = %s AND %s = ANY(mediums)",
        [BOARD, MEDIUM],
    ).fetchone()
    return int(row["n"]) if row else 0
