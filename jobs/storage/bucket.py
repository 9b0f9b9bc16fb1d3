"""Objects in S3, and in what speaks like it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jobs.errors import SettingsError, UnavailableError
from jobs.storage.stored import PIECE, Stored, clean_key


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

    def listing(self, folder: str) -> Iterator[Stored]:
        prefix = f"{self.name(folder)}/"
        skipped = len(prefix) - len(folder) - 1
        with self.errors_told("list", folder):
            pages = self.client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.bucket, Prefix=prefix):
                for found in page.get("Contents", ()):
                    yield Stored(found["Key"][skipped:], found["LastModified"])

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
