"""The plots of the metric tables, of what this home's tables hold."""

from __future__ import annotations

from collections.abc import Iterator

from jobs.documentation.metrics import examples
from jobs.documentation.plots import PLOTS, drawn
from jobs.errors import RequestError
from jobs.storage.store import Reader, Store


def drawn_plots(store: Store) -> Iterator[tuple[str, bytes]]:
    """Each metric table's name and its plot as a PNG.

    Raises RequestError, before anything is drawn, where an example has no rows to draw.
    """
    answers = {}
    for name, plot in PLOTS.items():
        with store.reader_transaction(Reader.ANALYST) as connection:
            found = connection.execute(examples(name)[plot.example - 1].query.encode())
            columns = [column.name for column in found.description or []]
            answers[name] = (columns, found.fetchall())
    empty = [name for name, (_, rows) in answers.items() if not rows]
    if empty:
        raise RequestError(
            f"The plots of {', '.join(empty)} have nothing to show: their examples in docs/queries"
            " answer no row here. Run `make demo` first; nothing was drawn."
        )
    for name, (columns, rows) in answers.items():
        yield name, drawn(PLOTS[name], columns, rows)
