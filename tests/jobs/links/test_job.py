"""The server of links, reached over HTTP on loopback: what it gives out, and what it refuses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from jobs.errors import SettingsError
from jobs.links.job import make_app
from jobs.links.signing import address, digest, link_id
from jobs.storage.exhaust_files import MadeFile, keep
from jobs.storage.link_secret import link_secret
from jobs.storage.links import Link, close_links, offer
from jobs.storage.store import Store
from tests.jobs.links.serving import client_of

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=72)
CONTENT = b"PK" + bytes(range(256)) * 4000
SIZE = len(CONTENT)


class Served:
    """A running server, its clock, and a client that speaks to it."""

    def __init__(self, settings, store):
        self.settings, self.store = settings, store
        self.now, self.client = NOW, None

    def link(self, key="a/1.zip", until=UNTIL, secret=None, size=SIZE, is_kept=True, sha256=None):
        """The path of a link; one that is not kept was never offered, or was taken back."""
        id = link_id(link_secret(self.settings), delivery_id="d1", object_key=key)
        link = Link(
            digest(id), key, 'p"r ogress.zip', size, "d1", "t:up", "R1", "requester", until, sha256
        )
        if is_kept:
            with self.store.transaction() as connection:
                offer(connection, link, NOW)
        return address("", secret or link_secret(self.settings), id, until)

    def openings(self):
        with self.store.transaction() as connection:
            return connection.execute(
                "SELECT opened_at, request_id FROM operations.link_opening"
                " JOIN operations.link USING (link_sha256)"
            ).fetchall()


@pytest.fixture
def served(make_settings, store, objects, tmp_path):
    (tmp_path / "file").write_bytes(CONTENT)
    objects.put("a/1.zip", tmp_path / "file")
    held = Served(make_settings(links_url="https://files.example/reports"), store)
    with client_of(make_app(held.settings, store, objects, lambda: held.now)) as held.client:
        yield held


def test_a_link_gives_its_file_and_each_opening_is_counted_once(served):
    path = served.link()
    for count in (1, 2):
        answer = served.client.get(path)
        assert (answer.status_code, answer.content) == (200, CONTENT)
        assert len(served.openings()) == count
    assert served.openings()[0] == {"opened_at": NOW, "request_id": "R1"}
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="p_r_ogress.zip"'
    assert answer.headers["content-length"] == str(len(CONTENT))


def register(served, sha256):
    """The file under the key, as the cut that made it entered it."""
    file = MadeFile("a/1.zip", sha256, "progress-exhaust", "t:up", "R1", "b1", 2)
    with served.store.transaction() as connection:
        return keep(connection, file, ["u1"], NOW)


def test_each_opening_is_in_the_audit_log_with_its_file_and_without_its_reader(served):
    file_id = register(served, "ab")
    path = served.link(sha256="ab")
    for _ in (1, 2):
        served.client.get(path)
    with served.store.transaction() as connection:
        opened = connection.execute("SELECT * FROM operations.audit_log").fetchall()
    assert [(row["event"], row["details"]) for row in opened] == [
        ("link_opened", {"openings": 1}),
        ("link_opened", {"openings": 2}),
    ]
    assert (opened[0]["file_id"], opened[0]["delivery_id"]) == (file_id, "d1")
    assert (opened[0]["recipient_role"], opened[0]["asked_by"]) == ("requester", None)


def test_a_link_gives_out_the_file_that_was_mailed_and_none_that_took_its_place(served):
    register(served, "ab")
    path = served.link(sha256="ab")
    assert served.client.get(path).status_code == 200
    register(served, "cd")
    assert served.client.get(path).status_code == 404
    assert len(served.openings()) == 1


def test_a_link_that_was_closed_opens_no_more_before_its_time(served):
    path = served.link()
    with served.store.transaction() as connection:
        assert close_links(connection, "a/1.zip", NOW) == 1
    assert served.client.get(path).status_code == 410
    assert served.openings() == []


def test_a_path_that_a_proxy_passes_on_whole_works_too(served):
    assert served.client.get("/reports" + served.link()).content == CONTENT


def test_a_look_at_the_headers_is_not_counted(served):
    answer = served.client.head(served.link())
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert served.openings() == []


def test_a_link_opens_until_its_last_second_and_not_after(served):
    path = served.link()
    served.now = UNTIL - timedelta(seconds=1)
    assert served.client.get(path).status_code == 200
    served.now = UNTIL
    answer = served.client.get(path)
    assert answer.status_code == 410
    assert "expired" in answer.text
    assert len(served.openings()) == 1


def test_whatever_is_altered_is_refused(served):
    path = served.link()
    _, id, until, signature = path.split("/")
    altered = [
        f"/{id}/{int(until) + 3600}/{signature}",
        f"/{id[:-1]}{'A' if id[-1] != 'A' else 'B'}/{until}/{signature}",
        f"/{id}/{until}/{signature[:-1]}",
        f"/{id}/{until}/%C3%A9",
        f"/{id}/soon/{signature}",
        f"/{id}/{'9' * 30}/{signature}",
        served.link(secret=b"another secret of thirty-two chars"),
    ]
    for one in altered:
        answer = served.client.get(one)
        assert answer.status_code == 403, one
        assert "not complete" in answer.text
    assert served.openings() == []


def test_a_link_that_is_not_kept_or_whose_file_is_gone_or_another_is_not_found(served):
    unkept = served.link("a/2.zip", is_kept=False)
    gone = served.link("a/3.zip")
    another = served.link(size=7)
    for path in (unkept, gone, another):
        answer = served.client.get(path)
        assert answer.status_code == 404
        assert "no file here" in answer.text
    assert served.openings() == []


def test_there_is_no_directory_no_page_and_no_way_out_of_the_objects(served):
    for path in ("/", "/a/1.zip", "/docs", "/openapi.json", "/a/../../etc/passwd", "/%2e%2e/x/y/z"):
        answer = served.client.get(path)
        assert answer.status_code in (403, 404), path
        assert "passwd" not in answer.text
    assert served.client.get(served.link() + "/").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_no_other_method_is_served(served, method):
    answer = served.client.request(method, served.link())
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD"}
    assert served.openings() == []


def test_every_answer_is_kept_out_of_caches_frames_and_search_engines(served):
    for answer in (
        served.client.get(served.link()),
        served.client.get("/"),
        served.client.post("/"),
    ):
        assert answer.headers["cache-control"] == "no-store, private"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        assert "server" not in answer.headers


def test_a_store_that_is_down_is_said_in_words_and_gives_nothing_out(make_settings, objects):
    settings = make_settings(links_url="http://files.example")
    down = Store("postgresql://nobody@127.0.0.1:9/none")
    app = make_app(settings, down, objects, lambda: NOW)
    id = link_id(link_secret(settings), delivery_id="d1", object_key="a/1.zip")
    path = address("", link_secret(settings), id, UNTIL)
    with client_of(app) as client:
        answer = client.get(path)
    assert answer.status_code == 503
    assert "Try again" in answer.text
    assert "127.0.0.1" not in answer.text
    assert "strict-transport-security" not in answer.headers


def test_logs_tell_the_request_and_neither_the_link_nor_the_reader(served):
    path = served.link()
    with structlog.testing.capture_logs() as logs:
        served.client.get(path)
    (told,) = [line for line in logs if line["event"] == "link_opened"]
    assert told == {"event": "link_opened", "log_level": "info", "request_id": "R1", "openings": 1}


def test_without_a_public_address_nothing_is_served(make_settings, store, objects):
    with pytest.raises(SettingsError, match="SUNBIRD_BATCH_LINKS_URL"):
        make_app(make_settings(), store, objects, lambda: NOW)


def test_the_secret_is_made_once_is_private_and_the_settings_own_comes_first(make_settings):
    settings = make_settings()
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: link_secret(settings), range(16)))
    assert len(made) == 1
    kept = settings.home / "secrets" / "links_secret"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in kept.parent.iterdir()] == ["links_secret"]
    assert link_secret(make_settings(links_secret="x" * 32)) == b"x" * 32
    kept.write_text("short")
    with pytest.raises(SettingsError, match="5 characters"):
        link_secret(settings)
