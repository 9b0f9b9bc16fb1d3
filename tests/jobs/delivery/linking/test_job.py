"""Files that are too large for a mail: what the mail says of them, and the link that it holds."""

import re
from datetime import UTC, datetime, timedelta

from moto import mock_aws

from jobs.storage.objects import S3Objects
from tests.jobs.delivery.letters import counts, html, text

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BASE = "https://files.example/reports"
ADDRESS = re.compile(r"https://files\.example/reports/[\w-]{32}/\d+/[\w-]{43}")


def too_large(world, **settings):
    world.settings |= {"attachment_bytes": 5, **settings}
    world.publish()
    world.enqueue()


def kept(world):
    return world.one("SELECT * FROM operations.link WHERE delivery_id = %s", "d1")


def test_the_mail_holds_a_link_and_says_how_large_and_until_when(world):
    too_large(world, links_url=BASE)
    assert world.deliver() == counts(sent=1)
    (message,) = world.messages
    assert list(message.iter_attachments()) == []
    (url,) = ADDRESS.findall(text(message))
    assert f'href="{url}"' in html(message)
    assert "progress_maths_0130_2026-11-21.zip (1 kB) is too large" in text(message)
    assert "Download it until 24 Nov 2026, 14:30 IST" in text(message)
    assert "How to open the file" in text(message)
    assert "team" not in text(message).split("Download it")[1].split("How to open")[0]
    row = kept(world)
    assert (row["object_key"], row["request_id"]) == ("files/0130.zip", "9F86D081")
    assert row["expires_at"] == datetime.fromtimestamp(int(url.split("/")[-2]), UTC)
    assert url.split("/")[-3] not in str(row)


def test_the_same_in_hindi(world):
    world.learner["language"] = "Hindi"
    too_large(world, links_url=BASE)
    world.deliver()
    told = text(world.messages[0])
    assert ADDRESS.search(told)
    assert "24 नव 2026, 14:30 IST तक डाउनलोड करें" in " ".join(told.split())
    assert "फ़ाइल डाउनलोड करें" in html(world.messages[0])


def test_how_long_a_link_lasts_is_a_setting(world):
    too_large(world, links_url=BASE, link_hours=5)
    world.deliver()
    assert (
        timedelta(0) <= kept(world)["expires_at"] - AT - timedelta(hours=5) < timedelta(minutes=1)
    )


def test_a_message_that_is_tried_again_has_the_same_link_for_longer(world):
    too_large(world, links_url=BASE)
    world.script["DATA"] = ["451 Later"]
    world.deliver()
    first = kept(world)
    assert world.deliver(AT + timedelta(hours=2)) == counts(sent=1)
    again = kept(world)
    assert again["link_sha256"] == first["link_sha256"]
    assert again["expires_at"] > first["expires_at"] + timedelta(hours=1)
    urls = [ADDRESS.search(text(message)).group() for message in world.messages]
    assert len({url.split("/")[-3] for url in urls}) == 1


def test_a_file_that_fits_is_attached_and_no_link_is_made(world):
    world.settings = {"links_url": BASE}
    world.publish()
    world.enqueue()
    world.deliver()
    assert len(list(world.messages[0].iter_attachments())) == 1
    assert kept(world) is None
    assert BASE not in text(world.messages[0])


def test_without_a_server_for_links_the_buckets_own_link_is_mailed_for_a_week_at_most(
    world, tmp_path, monkeypatch
):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "trial")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "trial")
    with mock_aws():
        bucket = S3Objects("s3://reports/x", endpoint_url=None, region="ap-south-1")
        bucket.client.create_bucket(
            Bucket="reports", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"}
        )
        bucket.put("files/0130.zip", tmp_path / "file.zip")
        too_large(world, link_hours=720)
        assert world.deliver(files=bucket) == counts(sent=1)
    told = text(world.messages[0])
    assert "reports" in told
    assert "X-Amz-Expires=604800" in told
    assert "until 28 Nov 2026, 14:30 IST" in told
    assert kept(world) is None


def test_without_anything_that_could_answer_a_link_the_team_is_named(world):
    too_large(world)
    world.deliver()
    assert "Ask your platform's team" in " ".join(text(world.messages[0]).split())
