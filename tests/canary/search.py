"""Looks for the canaries' strings wherever they could have got to, however they are wrapped."""

import base64
import email.policy
import gzip
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from email import message_from_bytes

import psycopg
import pyarrow.parquet as pq
import pyrage
import pyzipper
from psycopg import sql

NAME, EMAIL, PHONE, EXTERNAL_ID, PASSWORD = "name", "email", "phone", "external id", "password"
SEALED, WRAPPED = "ciphertext", "in another encoding"
CLEAR = re.compile(
    rb"(?P<email>kanari\d\d@)|(?P<external_id>kanariext\d\d)|(?P<name>kanari\d\d)"
    rb"|(?P<phone>57913046\d\d)|(?P<password>kanaripass)"
)
STEMS = (b"kanari", b"Kanari", b"KANARI", b"57913046")
HEX_IN_TEXT = re.compile(rb"\\x([0-9a-f]{20,})")


def stable_base64(stem, before):
    """What of the stem's base64 does not depend on what stands beside it."""
    text = base64.b64encode(bytes(before) + stem)
    return text[-(-before * 8 // 6) : (before + len(stem)) * 8 // 6]


ENCODED = {
    *(stem.decode().encode("utf-16-le") for stem in STEMS),
    *(stem.hex().encode() for stem in STEMS),
    *(stable_base64(stem, before) for stem in STEMS for before in range(3)),
}


@dataclass(frozen=True)
class Keys:
    """What opens the files that may be opened, and the canaries' ciphertexts."""

    passwords: tuple = ()
    identities: tuple = ()
    sealed: tuple = ()


@dataclass
class Finds:
    """Which kinds of string were found, by place."""

    keys: Keys = field(default_factory=Keys)
    found: dict = field(default_factory=dict)
    looked_at: int = 0

    def look(self, place, data):
        """Search these bytes and whatever is inside them."""
        for inner, content in layers(place, data, self.keys):
            self.looked_at += 1
            if kinds := kinds_in(content, self.keys.sealed):
                self.found.setdefault(inner, set()).update(kinds)

    def look_into(self, name, folder, *, without=()):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not any(path.is_relative_to(one) for one in without):
                self.look(f"{name}/{path.relative_to(folder)}", path.read_bytes())

    def look_into_database(self, name, url):
        """Every row of every table, as PostgreSQL writes it out."""
        with psycopg.connect(url) as connection:
            tables = connection.execute(
                "SELECT table_schema, table_name FROM information_schema.tables"
                " WHERE table_type = 'BASE TABLE'"
                " AND table_schema NOT IN ('pg_catalog', 'information_schema')"
            ).fetchall()
            for schema, table in tables:
                query = sql.SQL("SELECT to_jsonb(one)::text FROM {}.{} AS one")
                rows = connection.execute(query.format(*map(sql.Identifier, (schema, table))))
                self.look(f"{name}/{schema}.{table}", "\n".join(row for (row,) in rows).encode())

    def elsewhere(self, belongs):
        """What stands where it does not belong; `belongs` is the kinds that a place may have."""
        strays = {place: kinds - belongs(place) for place, kinds in self.found.items()}
        return {place: kinds for place, kinds in strays.items() if kinds}


def kinds_in(data, sealed):
    kinds = {WRAPPED for stem in ENCODED if stem in data}
    kinds |= {SEALED for text in sealed if text in data}
    low = data.lower()
    if b"kanari" in low or b"57913046" in low:
        kinds |= {match.lastgroup.replace("_", " ") for match in CLEAR.finditer(low)}
    return kinds


def layers(place, data, keys):
    """The bytes, and those inside: of archives, mails, tables and what is packed or locked."""
    yield place, data
    for name, content in inside(place, data, keys):
        yield from layers(f"{place}!{name}", content, keys)


def inside(place, data, keys):
    if data.startswith(b"PK\x03\x04"):
        yield from members(data, keys)
    elif data.startswith(b"age-encryption.org/"):
        for identity in keys.identities:
            try:
                yield "opened", pyrage.decrypt(data, [identity])
            except pyrage.DecryptError:
                continue
    elif data.startswith(b"\x1f\x8b"):
        yield "unpacked", gzip.decompress(data)
    elif data.startswith(b"PAR1"):
        yield "rows", str(pq.read_table(io.BytesIO(data)).to_pylist()).encode()
    elif place.endswith(".eml"):
        message = message_from_bytes(data, policy=email.policy.default)
        yield "headers", str(message.items()).encode()
        for number, part in enumerate(message.walk()):
            if not part.is_multipart():
                yield part.get_filename() or f"part {number}", part.get_payload(decode=True)
    for number, match in enumerate(HEX_IN_TEXT.finditer(data)):
        content = bytes.fromhex(match[1][: len(match[1]) // 2 * 2].decode())
        yield f"bytes {number}", content
        try:
            yield f"bytes {number} unpacked", zlib.decompress(content)
        except zlib.error:
            continue


def members(data, keys):
    try:
        yield from whole_members(data, keys)
    except (zipfile.BadZipFile, pyzipper.BadZipFile):
        yield "broken off", begun_member(data)


def begun_member(data):
    """What can be read of the first member of an archive that was never finished."""
    lengths = int.from_bytes(data[26:28], "little") + int.from_bytes(data[28:30], "little")
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[30 + lengths :])
    except zlib.error:
        return b""


def whole_members(data, keys):
    with pyzipper.AESZipFile(io.BytesIO(data)) as zipped:
        for information in zipped.infolist():
            for password in (None, *keys.passwords):
                try:
                    content = zipped.read(information, pwd=password and password.encode())
                except (RuntimeError, zipfile.BadZipFile, pyzipper.BadZipFile):
                    continue
                yield information.filename, content
                break
