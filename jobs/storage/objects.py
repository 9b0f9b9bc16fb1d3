"""Where files for people are kept: a folder, or S3 and what speaks like it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from jobs.errors import SettingsError, UnavailableError
from jobs.settings import Settings
from jobs.storage.aside import file_aside
from jobs.storage.crash_points import crash_point

ASIDE = ".aside"
PIECE = 1 << 18


class Objects(Protocol):
    """Files under relative keys; a file is there whole or not at all."""

    def put(self, key: str, path: Path) -> None: ...

    def read(self, key: str) -> bytes: ...

    def stream(self, key: str) -> tuple[int, Iterator[bytes]]:
        """The file's size, and its bytes piece by piece: for files that memory need not hold."""
        ...

    def exists(self, key: str) -> bool: ...

    def delete(self, key: str) -> None: ...

    def place(self, key: str) -> str:
        """The path or URL that a person can look at."""
        ...


def open_objects(settings: Settings) -> Objects:
    if settings.objects_url is None:
        return FolderObjects(settings.objects)
    return S3Objects(
        settings.objects_url,
        endpoint_url=settings.s3_endpoint_url,
        region=settings.s3_region,
    )


def clean_key(key: str) -> str:
    """The key itself; ValueError when it could name anything outside the root."""
    parts = key.split("/")
    if (
        not key
        or any(part in {"", ".", ".."} for part in parts)
        or any(mark in key for mark in ("\\", "\0", ":"))
        or any(ord(letter) < 32 for letter in key)
    ):
        raise ValueError(
            f"An object's key is a relative path of plain names; {key!r} is not. Make the key from"
            " ids, never from what a user wrote."
        )
    return key


class FolderObjects:
    """Objects as files below a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, path: Path) -> None:
        target = self.path(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            # One place for all keys: what a killed process left is found by the next file's maker.
            with path.open("rb") as source, file_aside(self.root / ASIDE) as (aside, copy):
                shutil.copyfileobj(source, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
                crash_point("upload: written aside")
                aside.replace(target)
            crash_point("upload: renamed")
            self.settle(target.parent)
        except OSError as error:
            raise self.unavailable("write", key, error) from error

    def read(self, key: str) -> bytes:
        try:
            return self.path(key).read_bytes()
        except OSError as error:
            raise self.unavailable("read", key, error) from error

    def stream(self, key: str) -> tuple[int, Iterator[bytes]]:
        path = self.path(key)

        def pieces() -> Iterator[bytes]:
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    yield piece

        try:
            return path.stat().st_size, pieces()
        except OSError as error:
            raise self.unavailable("read", key, error) from error

    def exists(self, key: str) -> bool:
        return self.path(key).is_file()

    def delete(self, key: str) -> None:
        try:
            self.path(key).unlink(missing_ok=True)
        except OSError as error:
            raise self.unavailable("delete", key, error) from error

    def place(self, key: str) -> str:
        return str(self.path(key))

    def path(self, key: str) -> Path:
        path = self.root / clean_key(key)
        # A link inside the folder could lead out of it.
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise ValueError(f"The object {key!r} leads out of {self.root}.")
        return path

    def settle(self, folder: Path) -> None:
        """Make the new name survive a power cut: names are the folder's contents."""
        while folder.is_relative_to(self.root):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
            folder = folder.parent

    def unavailable(self, verb: str, key: str, error: OSError) -> UnavailableError:
        return UnavailableError(
            f"The objects in {self.root} promised to {verb} {key}; the disk said:"
            f" {error.strerror or error}. Check that the folder is there, writable and not full,"
            " then run the command again."
        )


class S3Objects:
    """Objects in a bucket, below a prefix."""

    def __init__(self, url: str, *, endpoint_url: str | None, region: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "s3" or not parts.netloc:
            raise SettingsError(
                f"SUNBIRD_BATCH_OBJECTS_URL promised s3://bucket/prefix; found {url!r}."
            )
        self.bucket = parts.netloc
        self.prefix = parts.path.strip("/")
        self.client = client(endpoint_url, region)

    def put(self, key: str, path: Path) -> None:
        # Small files are one PUT, large ones are made visible by the last part: whole either way.
        with self.errors_told("write", key):
            self.client.upload_file(str(path), self.bucket, self.name(key))

    def read(self, key: str) -> bytes:
        with self.errors_told("read", key):
            answer = self.client.get_object(Bucket=self.bucket, Key=self.name(key))
            body: bytes = answer["Body"].read()
        return body

    def stream(self, key: str) -> tuple[int, Iterator[bytes]]:
        with self.errors_told("read", key):
            answer = self.client.get_object(Bucket=self.bucket, Key=self.name(key))
        return answer["ContentLength"], answer["Body"].iter_chunks(PIECE)

    def exists(self, key: str) -> bool:
        from botocore.exceptions import ClientError

        with self.errors_told("look for", key):
            try:
                self.client.head_object(Bucket=self.bucket, Key=self.name(key))
            except ClientError as error:
                # A bucket that is not there is answered the same: only its listing tells.
                if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
                    raise
                self.client.head_bucket(Bucket=self.bucket)
                return False
        return True

    def delete(self, key: str) -> None:
        with self.errors_told("delete", key):
            self.client.delete_object(Bucket=self.bucket, Key=self.name(key))

    def place(self, key: str) -> str:
        return f"s3://{self.bucket}/{self.name(key)}"

    def name(self, key: str) -> str:
        return "/".join(part for part in (self.prefix, clean_key(key)) if part)

    @contextmanager
    def errors_told(self, verb: str, key: str) -> Iterator[None]:
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (Boto3Error, BotoCoreError, ClientError) as error:
            raise UnavailableError(
                f"The objects in s3://{self.bucket}/{self.prefix} promised to {verb} {key}; the"
                f" server said: {' '.join(str(error).split())}. Check SUNBIRD_BATCH_OBJECTS_URL,"
                " SUNBIRD_BATCH_S3_ENDPOINT_URL and the AWS credentials, then try again."
            ) from error


def client(endpoint_url: str | None, region: str) -> Any:
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3",
        endpoint_url=endpoint_url,
        region_name=region,
        config=Config(
            connect_timeout=10,
            read_timeout=60,
            retries={"max_attempts": 3, "mode": "standard"},
            # Many compatible servers know neither a host name per bucket nor the newer checksums.
            s3={"addressing_style": "path" if endpoint_url else "auto"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
