"""The search finds a canary however it is wrapped: a leak that is put there is never missed."""

import base64
import gzip
import io
import json
import zipfile
import zlib
from email.message import EmailMessage

import pyarrow as pa
import pyarrow.parquet as pq
import pyrage
import pytest

from jobs.contracts.protection import PASSWORD as BY_PASSWORD
from jobs.contracts.protection import PUBLIC_KEY
from jobs.delivery.archive import archive
from jobs.delivery.protection import Protection
from jobs.delivery.public_keys import read_public_key
from tests.canary.search import EMAIL, EXTERNAL_ID, NAME, PASSWORD, PHONE, Finds, Keys
from tests.canary.strings import CANARIES
from tests.canary.strings import PASSWORD as KEY
from tests.jobs.delivery.test_archive import AT

ONE = CANARIES[7]
IDENTITY = pyrage.x25519.Identity.generate()


def zipped(data):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("inner.csv", data)
    return made.getvalue()


def locked(data, protection):
    made = io.BytesIO()
    with archive(made, member="a.csv", protection=protection, modified_at=AT) as stream:
        stream.write(data)
    return made.getvalue()


def parquet(data):
    made = io.BytesIO()
    pq.write_table(pa.table({"a": [data.decode()]}), made, compression="zstd")
    return made.getvalue()


def mailed(data):
    message = EmailMessage()
    message["Subject"] = "A file"
    message.set_content("See the file.")
    message.add_attachment(data, maintype="application", subtype="zip", filename="a.zip")
    return message.as_bytes()


WRAPS = {
    "a.log": lambda data: b"x" * 99 + data,
    "b.gz": gzip.compress,
    "c.zip": zipped,
    "c2.zip": lambda data: zipped(data + bytes(range(256)) * 9)[:-200],
    "d.zip": lambda data: locked(data, Protection(BY_PASSWORD, KEY)),
    "e.age": lambda data: locked(
        data, Protection(PUBLIC_KEY, public_key=read_public_key(str(IDENTITY.to_public())))
    ),
    "f.parquet": parquet,
    "g.eml": mailed,
    "h.eml": lambda data: mailed(zipped(data)),
    "i.json": lambda data: json.dumps({"a": "\\x" + zlib.compress(data).hex()}).encode(),
    "j.txt": lambda data: b"ab" + base64.b64encode(b"c" + data),
    "k.txt": lambda data: data.decode().encode("utf-16-le"),
    "l.txt": lambda data: data.hex().encode(),
}


@pytest.mark.parametrize("name", WRAPS)
@pytest.mark.parametrize(
    "text", [ONE.first, ONE.email, ONE.phone, ONE.external_id, ONE.external_id.lower(), KEY]
)
def test_canary_is_found_however_it_is_wrapped(name, text):
    finds = Finds(Keys(passwords=(KEY,), identities=(IDENTITY,)))
    finds.look(name, WRAPS[name](f"before,{text},after and more".encode()))
    assert finds.found
    assert finds.elsewhere(lambda place: set())


def test_what_was_found_is_named():
    finds = Finds()
    finds.look("log", f"{ONE.first} {ONE.email} {ONE.phone} {ONE.external_id} {KEY}".encode())
    assert finds.found == {"log": {NAME, EMAIL, PHONE, EXTERNAL_ID, PASSWORD}}
    assert finds.elsewhere(lambda place: {NAME, EMAIL, PHONE}) == {"log": {EXTERNAL_ID, PASSWORD}}


def test_nothing_is_found_where_nothing_is(tmp_path):
    finds = Finds()
    (tmp_path / "a").write_bytes(bytes(range(256)) * 4000)
    finds.look_into("folder", tmp_path)
    assert (finds.looked_at, finds.found) == (1, {})


def test_row_of_any_table_is_found(store):
    with store.transaction() as connection:
        connection.execute(
            "INSERT INTO operations.gate_verdict (check_name, verdict, checked_at)"
            " VALUES (%s, 'failed', now())",
            [f"rows of {ONE.first}"],
        )
    finds = Finds()
    finds.look_into_database("store", store.url)
    assert finds.found == {"store/operations.gate_verdict": {NAME}}
