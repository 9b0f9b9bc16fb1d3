"""The limit that keeps a file readable at one sitting; part of `make check`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 250
SUFFIXES = {".py", ".sql"}


def too_long(root: Path, files: list[str]) -> list[str]:
    """A sentence per file above the limit."""
    found = []
    for name in sorted(files):
        path = root / name
        if path.suffix in SUFFIXES and path.is_file():
            count = len(path.read_text(encoding="utf-8").splitlines())
            if count >= LONGEST:
                found.append(f"{name}: {count} lines; a file stays under {LONGEST}: split it")
    return found


def project_files(root: Path) -> list[str]:
    """What is, or is about to be, under version control."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def main() -> int:
    found = too_long(ROOT, project_files(ROOT))
    print("\n".join(found) or "files: all short enough")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
