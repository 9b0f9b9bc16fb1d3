"""What was done and whose answer was lost is found done, and is not done otherwise again."""

from uuid import uuid4

import boto3
import pytest
from moto.server import ThreadedMotoServer

from jobs.storage.objects import S3Objects
from tests.crash import judge
from tests.crash.proxy import Proxy

COMMITS = {
    "claim": b"INSERT INTO operations.lease",
    "file noted": b"SET processed_batches",
    "answered": b"SET status = 'SUCCESS'",
    "message taken": b"SET status = 'sending'",
    "message noted": b"SET status = 'sent'",
}
QUICK = ("answered", True)
CASES = [
    pytest.param(
        name, is_forwarded, marks=() if (name, is_forwarded) == QUICK else pytest.mark.full
    )
    for name in COMMITS
    for is_forwarded in (True, False)
]


@pytest.fixture
def proxied():
    """proxied(port, ...) -> a Proxy, stopped at the end."""
    started = []

    def start(*arguments, **options):
        started.append(Proxy(*arguments, **options))
        return started[-1]

    yield start
    for proxy in started:
        proxy.stop()


def lose_commit(drive, proxied, name, is_forwarded, without=None):
    port = int(drive.store.url.rsplit(":", 1)[1].split("/")[0])
    proxy = proxied(
        port,
        asked=COMMITS[name],
        answer=b"COMMIT\0",
        command=b"COMMIT",
        is_forwarded=is_forwarded,
    )
    drive.ask()
    ended = drive.run(
        without=without, store_url=drive.store.url.replace(f":{port}/", f":{proxy.port}/")
    )
    drive.until_quiet(without=without)
    drive.end()
    assert proxy.left == 0
    return ended


@pytest.mark.parametrize(("name", "is_forwarded"), CASES)
def test_lost_commit_ends_the_command_and_the_next_one_ends_well(
    drive, proxied, name, is_forwarded
):
    assert lose_commit(drive, proxied, name, is_forwarded) == 14

    found = judge.faults(judge.read(drive.path))
    # The mail server has it, the store has not: nobody can know, so the same is sent again.
    is_ambiguous = name == "message noted" and not is_forwarded
    assert [fault for fault in found if not (is_ambiguous and fault.endswith("2 times"))] == []


@pytest.mark.full
def test_without_a_stable_message_id_the_judge_notices_a_lost_commit(drive, proxied):
    lose_commit(drive, proxied, "message noted", is_forwarded=False, without="stable_message_id")

    assert any("Message-IDs" in fault for fault in judge.faults(judge.read(drive.path)))


@pytest.fixture
def bucket(monkeypatch):
    """A bucket's name, the port of its S3 server, and a client."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    url = f"http://127.0.0.1:{port}"
    client = boto3.client("s3", endpoint_url=url, region_name="ap-south-1")
    # The servers of one process share their buckets.
    name = f"files-{uuid4().hex}"
    client.create_bucket(
        Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-south-1"}
    )
    yield name, port, client
    server.stop()


@pytest.mark.full
@pytest.mark.parametrize("times", [1, 20], ids=["once", "each time"])
def test_stored_object_whose_answer_was_lost_is_one_whole_file(drive, proxied, bucket, times):
    name, port, client = bucket
    url = f"http://127.0.0.1:{port}"
    drive.objects = S3Objects(f"s3://{name}", endpoint_url=url, region="ap-south-1")
    drive.keys = lambda: [
        found["Key"] for found in client.list_objects_v2(Bucket=name).get("Contents", [])
    ]
    proxy = proxied(port, asked=b"PUT /", answer=b"HTTP/1.1 200", times=times)
    drive.values["objects_url"] = f"s3://{name}"
    drive.ask()
    ended = drive.run(s3_endpoint_url=f"http://127.0.0.1:{proxy.port}")
    drive.values["s3_endpoint_url"] = url
    drive.until_quiet()
    drive.end()

    assert proxy.left < times
    assert ended == (0 if times == 1 else 14)
    assert len(drive.keys()) == 1
    assert judge.faults(judge.read(drive.path)) == []
