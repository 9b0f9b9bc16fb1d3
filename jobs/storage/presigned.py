"""Links that a bucket's own server answers: for a while, and counted by nobody."""

from __future__ import annotations

from datetime import timedelta

from jobs.storage.objects import Objects, S3Objects

# What signature version 4 allows.
LONGEST = timedelta(days=7)


def presigned(objects: Objects, key: str, *, file_name: str, lasts: timedelta) -> str | None:
    """A link to the object itself; None where objects are kept in a folder."""
    if not isinstance(objects, S3Objects):
        return None
    with objects.errors_told("sign a link to", key):
        url: str = objects.client.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": objects.bucket,
                "Key": objects.name(key),
                "ResponseContentDisposition": f'attachment; filename="{file_name}"',
            },
            ExpiresIn=int(min(lasts, LONGEST).total_seconds()),
        )
    return url
