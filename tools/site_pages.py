"""What the site has beside docs/: the project's own pages, lists of folders, the files pages name.

mkdocs calls the functions `on_…`; see mkdocs.yml. Links are written as they work in the
repository, and led to the pages of the site here.
"""

import ast
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
# Pages of the root by their place in the site.
OWN_PAGES = {
    "readme.md": ROOT / "README.md",
    "contributing.md": ROOT / "CONTRIBUTING.md",
    "changelog.md": ROOT / "CHANGELOG.md",
}
INDEXES = {
    "runbooks": "# Run books\n\nOne for each DAG: how to see that it is well, and what to do"
    " when it is late or red.\n\n| DAG | When |\n| --- | --- |",
    "decisions": "# Decisions\n\nWhy it is so, and what was given up for it.\n\n"
    "| Number | Decision |\n| --- | --- |",
}
WHEN = re.compile(r"^- \*\*When\*\*: (.+?)(?=^- \*\*|\Z)", re.MULTILINE | re.DOTALL)
# Pages beside which a menu would hold themselves only.
ALONE = {"index.md", "start.md", "readme.md"}
LINK = re.compile(r'(?P<before>\]\(|(?:src|href)=")(?P<target>[^)"\s#]+)(?P<anchor>#[^)"\s]*)?')
FENCE = re.compile(r"(^```.*?^```[^\n]*$)", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
LANGUAGES = {".py": "python", ".sql": "sql", ".toml": "toml", ".yaml": "yaml", ".cfg": "ini"}


def on_config(config: Any) -> Any:
    """The navigation with the pages of a folder in the place of the folder."""
    config["nav"] = [*expanded(config["nav"])]
    return config


def expanded(entries: list[Any]) -> Iterator[Any]:
    for entry in entries:
        if isinstance(entry, str):
            yield from pages_of(entry) if entry.endswith("/") else [entry]
            continue
        for title, below in entry.items():
            if isinstance(below, list):
                yield {title: [*expanded(below)]}
            elif below.endswith("/"):
                yield {title: pages_of(below)}
            else:
                yield entry


def pages_of(folder: str) -> list[str]:
    """The list of a folder's pages, if it has one, and its pages by name."""
    index = [f"{folder}index.md"] if folder.strip("/") in INDEXES else []
    return index + [f"{folder}{page.name}" for page in sorted((DOCS / folder).glob("*.md"))]


def on_files(files: Files, config: Any) -> Files:
    """The files of docs/ and all that is made beside them."""
    made = {name: page.read_text(encoding="utf-8") for name, page in OWN_PAGES.items()}
    made |= {f"{folder}/index.md": index_page(folder) for folder in INDEXES}
    for name, text in made.items():
        files.append(File.generated(config, name, content=text))
    for source in sorted(named_sources(files)):
        page = File.generated(config, source_page(source), content=shown(source))
        files.append(page)
    return files


def index_page(folder: str) -> str:
    rows = [row_of(page) for page in sorted((DOCS / folder).glob("*.md"))]
    return "\n".join([INDEXES[folder], *rows, ""])


def row_of(page: Path) -> str:
    """A decision's title; of a run book its DAG's name and what the DAG says of its time."""
    title = titled(page.read_text(encoding="utf-8"))
    dag = ROOT / "dags" / f"{page.stem}.py"
    if not dag.is_file():
        number, _, what = title.partition(" ")
        return f"| {number} | [{what}]({page.name}) |"
    found = WHEN.search(ast.get_docstring(ast.parse(dag.read_text(encoding="utf-8"))) or "")
    when = " ".join(found.group(1).split()) if found else ""
    return f"| [{title}]({page.name}) | {when} |"


def titled(text: str) -> str:
    found = TITLE.search(text)
    return found.group(1) if found else ""


def named_sources(files: Files) -> set[Path]:
    """Files of the project outside of docs/ that a page links to."""
    found: set[Path] = set()
    for file in files.documentation_pages():
        for target in targets(file.content_string, written_at(file.src_uri)):
            if target.is_file() and not target.is_relative_to(DOCS):
                found.add(target)
    return found - set(OWN_PAGES.values())


def targets(text: str, page: Path) -> Iterator[Path]:
    for part in FENCE.split(text):
        for link in [] if part.startswith("```") else LINK.finditer(part):
            if is_ours(link["target"]):
                yield (page.parent / link["target"]).resolve()


def is_ours(target: str) -> bool:
    return not re.match(r"[a-z]+:|/", target)


def written_at(src_uri: str) -> Path:
    """Where in the repository a page of the site is written, as its links see it."""
    return OWN_PAGES.get(src_uri, DOCS / src_uri)


def source_page(source: Path) -> str:
    return f"source/{source.relative_to(ROOT)}.md"


def shown(source: Path) -> str:
    """A page that shows a file of the project as it is; nobody searches for its words."""
    text = source.read_text(encoding="utf-8").rstrip()
    fence = "`" * 6
    return (
        f"---\nsearch:\n  exclude: true\nhide:\n  - navigation\n---\n\n"
        f"# {source.relative_to(ROOT)}\n\n"
        f"{fence} {LANGUAGES.get(source.suffix, 'text')}\n{text}\n{fence}\n"
    )


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """The page with its links led to where the site has what they name."""
    src_uri = page.file.src_uri
    if src_uri in ALONE:
        page.meta["hide"] = ["navigation"]
    if src_uri.startswith("source/"):
        return markdown
    lead = leading_from(src_uri)
    parts = FENCE.split(markdown)
    return "".join(p if p.startswith("```") else LINK.sub(lead, p) for p in parts)


def leading_from(src_uri: str) -> Callable[[re.Match[str]], str]:
    written = written_at(src_uri)

    def lead(link: re.Match[str]) -> str:
        if not is_ours(link["target"]):
            return link[0]
        place = place_in_site((written.parent / link["target"]).resolve())
        if place is None:
            return link[0]
        target = os.path.relpath(place, Path(src_uri).parent)
        return f"{link['before']}{target}{link['anchor'] or ''}"

    return lead


def place_in_site(target: Path) -> str | None:
    """The page or file of the site that a file or folder of the repository became."""
    for name, page in OWN_PAGES.items():
        if target == page:
            return name
    if target.is_relative_to(DOCS):
        below = target.relative_to(DOCS).as_posix()
        if below in INDEXES:
            return f"{below}/index.md"
        return f"{below}/README.md" if (target / "README.md").is_file() else below
    return source_page(target) if target.is_file() else None
