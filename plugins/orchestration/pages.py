"""What stands on a DAG's page: its docstring, with the run book one click away."""

import re

RUN_BOOK = re.compile(r"docs/runbooks/([a-z_]+)\.md")


def page_of(docstring: str | None) -> str:
    """The docstring as Markdown; relative to the UI's own address, so that any prefix holds."""
    return RUN_BOOK.sub(r"[\g<0>](sunbird-batch/run-books/\1)", docstring or "")
