"""Every row of an adoption file judged: what can be applied, and all that speaks against the rest.

The scenarios and their codes are those of the platform's requirement "Reusing textbooks by a
state"; each bad value of a row is told, not the first alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from jobs.contracts.adoptions import AS_IS, METADATA
from jobs.textbooks.adoption import finding as found
from jobs.textbooks.adoption import metadata
from jobs.textbooks.adoption.curriculum import Framework, Tenant, nearest
from jobs.textbooks.adoption.finding import ERROR, WARNING, Finding, shown
from jobs.textbooks.adoption.library import LIVE, Book, Library
from jobs.textbooks.adoption.sheet import (
    BOARD,
    BOOK,
    DESCRIPTION,
    GRADE,
    HEADERS,
    ICON,
    MEDIUM,
    NAME,
    SUBJECT,
    Sheet,
    SheetRow,
)  # fmt: skip
from jobs.textbooks.adoption.wanted import Wanted

LISTS = (MEDIUM, GRADE, SUBJECT)


@dataclass(frozen=True)
class Judgement:
    """What is to be applied, and what was found, in the order of the rows."""

    wanted: list[Wanted]
    findings: list[Finding]


@dataclass
class Judge:
    """What rows are judged by; `own_names` are those of the tenant, `board` is the one of files
    that name none."""

    library: Library
    tenant: Tenant
    limits: metadata.Limits
    own_names: frozenset[str]
    board: str = ""
    _nearest: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def judged(self, sheet: Sheet) -> Judgement:
        findings = []
        wanted: dict[int, Wanted] = {}
        for row in sheet.rows:
            errors = [*self.about(row, sheet.mode)]
            findings += errors
            if not errors:
                wanted[row.number] = self.wanted(row, sheet.mode)
        doubles = [*duplicates(sheet, self.board)]
        for one in doubles:
            # Of equal rows the first is applied; those that differ are all left alone.
            wanted.pop(one.row_number, None)
        findings += doubles
        findings.sort(key=lambda one: one.row_number)
        return Judgement(list(wanted.values()), findings)

    def about(self, row: SheetRow, mode: str) -> Iterator[Finding]:
        cells = row.cells
        if row.beyond:
            yield self.error(
                row, "", row.beyond, found.CELL_WITHOUT_HEADER,
                "The row has more cells than the header. Quote cells that hold a comma.",
            )  # fmt: skip
        for name in HEADERS[mode]:
            if not (values_of(cells[name]) if name in LISTS else cells[name]):
                yield self.error(row, name, "", found.EMPTY_FIELD, f"The field {name} is empty.")
        if cells[BOOK]:
            yield from self.about_book(row, self.library.books.get(cells[BOOK]))
        if mode == AS_IS:
            return
        framework = self.tenant.framework_of(cells[BOARD])
        if cells[BOARD]:
            yield from self.about_board(row, cells[BOARD], framework)
        # Where the board is unknown, the tenant's default says what its terms are.
        for name in LISTS:
            if name in cells:
                yield from self.about_terms(row, name, framework or self.tenant.frameworks[0])
        if mode == METADATA:
            yield from self.about_metadata(row)

    def about_book(self, row: SheetRow, book: Book | None) -> Iterator[Finding]:
        asked = row.cells[BOOK]
        if book is None and asked in self.library.others:
            said = "This is a content and no textbook."
            yield self.error(row, BOOK, asked, found.NOT_TEXTBOOK, said)
        elif book is None:
            likely = self.library.likeliest(asked)
            hint = f" Is {likely} meant?" if likely else ""
            said = f"There is no textbook of this id.{hint}"
            yield replace(self.error(row, BOOK, asked, found.ID_NOT_FOUND, said), nearest=likely)
        else:
            if book.channel in self.own_names:
                said = "The textbook is your own: there is nothing to adopt."
                yield self.error(row, BOOK, asked, found.OWN_BOOK, said)
            elif book.origin_id:
                said = f"This is an adopted copy itself. Adopt its origin, {book.origin_id}."
                yield replace(
                    self.error(row, BOOK, asked, found.OF_ADOPTED, said), nearest=book.origin_id
                )
            if book.status != LIVE:
                said = f"The textbook is not Live, it is {book.status or 'without a status'}."
                yield self.error(row, BOOK, asked, found.NOT_LIVE, said)

    def about_board(
        self, row: SheetRow, board: str, framework: Framework | None
    ) -> Iterator[Finding]:
        own = self.tenant.own_boards
        if board in own:
            return
        if board in self.tenant.of_others or framework is not None:
            code, said = found.BOARD_NOT_YOURS, "The board belongs to another tenant."
        else:
            code, said = found.BOARD_NOT_IN_FRAMEWORK, "The board is not in your framework."
        yield self.not_allowed(row, BOARD, board, code, said, own)

    def about_terms(self, row: SheetRow, name: str, framework: Framework) -> Iterator[Finding]:
        allowed = framework.allowed(name)
        for value in values_of(row.cells[name]):
            if value not in allowed:
                said = f"The {name} is not in the framework {framework.framework_id}."
                yield self.not_allowed(
                    row, name, value, found.TERM_NOT_IN_FRAMEWORK, said, allowed,
                )  # fmt: skip

    def about_metadata(self, row: SheetRow) -> Iterator[Finding]:
        checks = (
            (NAME, found.NAME_INVALID, metadata.name_problem(row.cells[NAME], self.limits.name)),
            (
                DESCRIPTION,
                found.DESCRIPTION_INVALID,
                metadata.description_problem(row.cells[DESCRIPTION], self.limits.description),
            ),
            (ICON, found.ICON_INVALID, metadata.icon_problem(row.cells[ICON])),
        )
        for name, code, problem in checks:
            if row.cells[name] and problem:
                yield self.error(row, name, row.cells[name], code, f"The {name} {problem}.")

    def not_allowed(
        self, row: SheetRow, name: str, value: str, code: str, said: str, allowed: tuple[str, ...]
    ) -> Finding:
        key = name, value, row.cells.get(BOARD, "")
        if key not in self._nearest:
            self._nearest[key] = nearest(value, allowed)
        likely = self._nearest[key]
        hint = f" Is {likely} meant?" if likely else ""
        return Finding(
            row.number, shown(row.cells[BOOK]), name, shown(value), code, f"{said}{hint}",
            ", ".join(allowed), likely,
        )  # fmt: skip

    def error(self, row: SheetRow, name: str, value: str, code: str, said: str) -> Finding:
        return Finding(row.number, shown(row.cells[BOOK]), name, shown(value), code, said)

    def wanted(self, row: SheetRow, mode: str) -> Wanted:
        """What a row without an error wants."""
        cells = row.cells
        book, board = self.library.books[cells[BOOK]], cells.get(BOARD) or self.board
        framework = self.tenant.framework_of(board) or self.tenant.frameworks[0]
        return Wanted(
            row_number=row.number,
            textbook_id=book.textbook_id,
            board=board,
            framework_id=framework.framework_id,
            publisher_channel=book.channel,
            package_version=book.package_version,
            mode=mode,
            mediums=values_of(cells.get(MEDIUM, "")),
            grades=values_of(cells.get(GRADE, "")),
            subjects=values_of(cells.get(SUBJECT, "")),
            name=cells.get(NAME, ""),
            description=cells.get(DESCRIPTION, ""),
            icon=cells.get(ICON, ""),
        )


def duplicates(sheet: Sheet, board: str) -> Iterator[Finding]:
    """A textbook twice for one board: an error on both rows, or a warning where they are equal."""
    by_key: dict[tuple[str, str], list[SheetRow]] = {}
    for row in sheet.rows:
        if row.cells[BOOK]:
            key = row.cells[BOOK], row.cells.get(BOARD, board)
            by_key.setdefault(key, []).append(row)
    for rows in by_key.values():
        if len(rows) > 1:
            is_same = len({told(row) for row in rows}) == 1
            yield from doubles(rows[1:] if is_same else rows, rows, is_same=is_same)


def doubles(marked: list[SheetRow], rows: list[SheetRow], *, is_same: bool) -> Iterator[Finding]:
    for row in marked:
        others = [str(one.number) for one in rows if one is not row][:5]
        said = (
            f"The same as row {others[0]}: applied once."
            if is_same
            else f"The textbook has other values for this board in row {', '.join(others)}."
        )
        yield Finding(
            row.number, shown(row.cells[BOOK]), BOOK, shown(row.cells[BOOK]),
            found.DUPLICATE_ROW, said, severity=WARNING if is_same else ERROR,
        )  # fmt: skip


def told(row: SheetRow) -> tuple[tuple[str, object], ...]:
    """What a row says, whatever the order of its values."""
    return tuple(
        (name, frozenset(values_of(cell)) if name in LISTS else cell)
        for name, cell in sorted(row.cells.items())
    )


def values_of(cell: str) -> tuple[str, ...]:
    """The values of a cell that holds several, each once."""
    return tuple(dict.fromkeys(value for value in map(str.strip, cell.split(",")) if value))


def rejected(findings: Iterable[Finding]) -> set[int]:
    """The numbers of the rows that are not applied for an error."""
    return {one.row_number for one in findings if one.severity == ERROR}
