"""Objects in a folder and in S3 behave the same, and neither lets a key lead out of its root."""

import boto3
import pytest
from moto.server import ThreadedMotoServer

from jobs.errors import SettingsError, UnavailableError
from jobs.storage.objects import FolderObjects, S3Objects, open_objects

HOSTILE = [
    "",
    "/etc/passwd",
    "../outside",
    "a/../../outside",
    "a/./b",
    "a//b",
    "a/",
    "a\\b",
    "C:/b",
    "a\0b",
    "a\nb",
]


@pytest.fixture(scope="module")
def s3_server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary-secret")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    client = boto3.client("s3", endpoint_url=s3_server, region_name="ap-south-1")
    client.create_bucket(
        Bucket="files", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"}
    )
    yield S3Objects("s3://files/exhausts/", endpoint_url=s3_server, region="ap-south-1")
    for found in client.list_objects_v2(Bucket="files").get("Contents", []):
        client.delete_object(Bucket="files", Key=found["Key"])
    client.delete_bucket(Bucket="files")


@pytest.fixture(params=["folder", "s3"])
def any_objects(request):
    return request.getfixturevalue("objects" if request.param == "folder" else "s3")


@pytest.fixture
def file_of(tmp_path):
    def write(content: bytes):
        path = tmp_path / "source"
        path.write_bytes(content)
        return path

    return write


def test_what_was_put_is_read(any_objects, file_of):
    any_objects.put("batch/progress.zip", file_of(b"rows"))

    assert any_objects.exists("batch/progress.zip")
    assert any_objects.read("batch/progress.zip") == b"rows"
    assert any_objects.place("batch/progress.zip").endswith("/batch/progress.zip")


def test_putting_again_replaces(any_objects, file_of):
    any_objects.put("progress.zip", file_of(b"first"))
    any_objects.put("progress.zip", file_of(b"second"))

    assert any_objects.read("progress.zip") == b"second"


def test_what_was_deleted_is_gone_and_deleting_again_is_no_error(any_objects, file_of):
    any_objects.put("progress.zip", file_of(b"rows"))

    any_objects.delete("progress.zip")
    any_objects.delete("progress.zip")

    assert not any_objects.exists("progress.zip")


def test_object_that_is_not_there_cannot_be_read(any_objects):
    assert not any_objects.exists("absent.zip")
    with pytest.raises(UnavailableError, match=r"promised to read absent\.zip"):
        any_objects.read("absent.zip")


@pytest.mark.parametrize("key", HOSTILE)
@pytest.mark.parametrize("verb", ["put", "read", "exists", "delete", "place"])
def test_key_that_leads_out_of_the_root_is_refused(any_objects, file_of, verb, key):
    arguments = [file_of(b"rows")] if verb == "put" else []

    with pytest.raises(ValueError, match="relative path of plain names"):
        getattr(any_objects, verb)(key, *arguments)


def test_link_that_leads_out_of_the_folder_is_refused(objects, tmp_path):
    objects.root.mkdir()
    (tmp_path / "secret").write_text("secret")
    (objects.root / "link").symlink_to(tmp_path / "secret")

    with pytest.raises(ValueError, match="leads out of"):
        objects.read("link")


def test_file_that_cannot_be_written_whole_is_not_there_at_all(objects, tmp_path):
    with pytest.raises(UnavailableError, match="promised to write a"):
        objects.put("a/b.zip", tmp_path / "absent")

    assert list((objects.root / "a").iterdir()) == []


def test_failed_replacement_leaves_the_old_file(objects, file_of, tmp_path):
    objects.put("b.zip", file_of(b"old"))
    with pytest.raises(UnavailableError):
        objects.put("b.zip", tmp_path / "absent")

    assert objects.read("b.zip") == b"old"


def test_files_are_for_their_owner_only(objects, file_of):
    objects.put("b.zip", file_of(b"rows"))

    assert (objects.root / "b.zip").stat().st_mode & 0o777 == 0o600


def test_folder_that_is_a_file_is_told(tmp_path, file_of):
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(UnavailableError, match="writable and not full"):
        FolderObjects(tmp_path / "taken").put("b.zip", file_of(b"rows"))


def test_large_file_is_whole(s3, file_of):
    content = bytes(range(256)) * (9 << 12)  # above the size from which it goes in parts

    s3.put("large.zip", file_of(content))

    assert s3.read("large.zip") == content


def test_objects_are_below_the_prefix(s3, s3_server, file_of):
    s3.put("a/b.zip", file_of(b"rows"))

    client = boto3.client("s3", endpoint_url=s3_server, region_name="ap-south-1")
    listed = client.list_objects_v2(Bucket="files")["Contents"]
    assert [found["Key"] for found in listed] == ["exhausts/a/b.zip"]


def test_bucket_that_is_not_there_is_told(s3, s3_server, file_of):
    absent = S3Objects("s3://absent", endpoint_url=s3_server, region="ap-south-1")

    for ask in (
        lambda: absent.put("b.zip", file_of(b"rows")),
        lambda: absent.read("b.zip"),
        lambda: absent.exists("b.zip"),
        lambda: absent.delete("b.zip"),
    ):
        with pytest.raises(UnavailableError, match="SUNBIRD_BATCH_OBJECTS_URL"):
            ask()


def test_server_that_is_down_is_told_without_the_secret(s3, file_of):
    down = S3Objects("s3://files", endpoint_url="http://127.0.0.1:1", region="ap-south-1")

    with pytest.raises(UnavailableError, match=r"127\.0\.0\.1:1") as raised:
        down.put("b.zip", file_of(b"rows"))

    assert "canary-secret" not in str(raised.value)


def test_settings_choose_the_place(make_settings, tmp_path):
    folder = open_objects(make_settings())
    assert folder.place("b.zip") == str(tmp_path / "home" / "objects" / "b.zip")

    bucket = open_objects(make_settings(objects_url="s3://files/exhausts"))
    assert bucket.place("b.zip") == "s3://files/exhausts/b.zip"

    with pytest.raises(SettingsError, match="s3://bucket/prefix"):
        open_objects(make_settings(objects_url="https://files"))
