"""`make bench`: every measurement, or `python -m benchmarks NAME …` for some."""

import importlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMES = (
    "cut",
    "exhaust",
    "user_info",
    "responses",
    "mixed",
    "refresh",
    "cluster",
    "neighbours",
    "batch_status",
    "certificates",
    "missed_certificates",
    "collection_summary",
    "group_activity",
    "usage_events",
    "usage_metrics",
    "textbook_reports",
    "textbook_adoption",
)


def main() -> int:
    wanted = sys.argv[1:] or NAMES
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}.")
        return 2
    folder = ROOT / "build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    print("| What | Cost | Runs |\n| --- | --- | --- |", flush=True)
    for name in wanted:
        for line in importlib.import_module(f"benchmarks.{name}").run(folder):
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
