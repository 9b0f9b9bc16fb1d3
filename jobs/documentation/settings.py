"""docs/settings.md: every setting with its default and what it means."""

from __future__ import annotations

from jobs.documentation.tables import MADE
from jobs.settings import PREFIX, Settings


def settings_page() -> str:
    rows = [
        f"| `{PREFIX}{name.upper()}` | {default_of(name)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return (
        "\n\n".join(
            [
                "# Settings",
                MADE,
                "All are environment variables. A secret can be given as a file instead: its name"
                " with `_FILE` at the end, and the path. Lists and maps are JSON.",
                "\n".join(["| Variable | Default | Meaning |", "| --- | --- | --- |", *rows]),
            ]
        )
        + "\n"
    )


def default_of(name: str) -> str:
    default = Settings.model_fields[name].get_default(call_default_factory=True)
    return "" if default in (None, {}) else f"`{default}`"
