"""A disk without room: a failure that says so, no half file, and the answer once there is room."""

import subprocess
import tempfile

import pytest

from jobs.errors import UnavailableError
from jobs.storage.objects import FolderObjects

PAGE = 4096


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 64 kB with one page left; small_disk.room() makes room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("a small disk needs the right to mount one")
    filler = folder / "filler"
    filler.write_bytes(b"x" * (15 * PAGE))
    with filler.open("ab", buffering=0) as file:
        # The rest of the last page's room; what is refused is the point.
        file.write(b"x" * (PAGE - 1))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "filler"]


def state(platform, request_id):
    row = platform.request(request_id)
    return row["status"], row["iteration"], row["download_urls"]


def test_objects_without_room_keep_the_request_and_no_half_file(platform, small_disk):
    platform.objects = FolderObjects(small_disk)
    request_id = platform.ask("b1")
    platform.claim()
    with pytest.raises(UnavailableError, match="not full, then run the command again"):
        platform.cut()
    assert files_in(small_disk) == []
    assert state(platform, request_id) == ("PROCESSING", 0, None)

    (small_disk / "filler").unlink()
    platform.answer()
    assert state(platform, request_id)[0] == "SUCCESS"
    assert platform.archive(request_id)[:2] == b"PK"


def test_half_made_files_without_room_keep_the_request(platform, small_disk, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(small_disk))
    request_id = platform.ask("b1")
    platform.claim()
    with pytest.raises(UnavailableError, match=r"no room.*make room, or set TMPDIR"):
        platform.cut()
    assert files_in(small_disk) == []
    assert state(platform, request_id) == ("PROCESSING", 0, None)

    (small_disk / "filler").unlink()
    platform.answer()
    assert state(platform, request_id)[0] == "SUCCESS"
