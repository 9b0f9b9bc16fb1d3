"""Events of Sunbird's telemetry, version 3, as each producer sends them."""

from datetime import datetime, timedelta
from typing import Any

from jobs.samples.places import NORTH

Event = dict[str, Any]
PRODUCERS = {
    "app": ("sunbird.app", "sunbird-app"),
    "portal": ("sunbird.portal", "sunbird-portal"),
    "desktop": ("sunbird.desktop", "sunbird-desktop"),
    "search": ("sunbird.learning.platform", "search-service"),
}
# How long an event is on its way, where nothing keeps it.
ON_ITS_WAY = timedelta(minutes=4)


def millis(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def event(
    eid: str,
    *,
    at: datetime,
    device: str | None,
    state: str,
    mid: str,
    product: str = "app",
    user: str | None = None,
    env: str = "",
    cdata: list[dict[str, str]] | None = None,
    about: dict[str, Any] | None = None,
    edata: dict[str, Any] | None = None,
    channel: str = NORTH.channel,
    arrived: datetime | None = None,
    declared: str | None = None,
) -> Event:
    """What all events have; `state` is that of the device's address."""
    name, part = PRODUCERS[product]
    told: Event = {
        "eid": eid,
        "ets": millis(at),
        "ver": "3.0",
        "mid": mid,
        "actor": {"id": user or device, "type": "User"},
        "context": {
            "channel": channel,
            "env": env,
            "pdata": {"id": name, "pid": part, "ver": "5.1"},
            "sid": f"session-{(device or 'none')[:8]}",
            "did": device,
            "cdata": cdata or [],
        },
        "edata": edata or {},
        "syncts": millis(arrived or at + ON_ITS_WAY),
    }
    if about is not None:
        told["object"] = about
    if state:
        told["devicedata"] = {"country": "India", "countrycode": "IN", "state": state}
        if declared:
            told["devicedata"]["userdeclared"] = {"state": declared}
    return told


def scan(
    codes: str | list[str],
    *,
    owner: str | None,
    size: int | None,
    key: str = "dialcodes",
    **what: Any,
) -> Event:
    """A search by the platform itself: it knows the device and no user."""
    first = codes if isinstance(codes, str) else codes[0] if codes else ""
    edata = {
        "size": size,
        "query": "",
        "type": "content",
        "filters": {key: codes, "channel": {"ne": ["0124433024890224640"]}},
        "topn": [{"identifier": "do_31"}],
    }
    about = {"id": first, "type": "DialCode"}
    told = event("SEARCH", product="search", env="search", about=about, edata=edata, **what)
    told["actor"] = {"id": "org.sunbird.learning.platform", "type": "System"}
    if owner:
        told["dialcodedata"] = {"identifier": first, "channel": owner}
    return told


def summary(kind: str, *, seconds: float, product: str, later: timedelta, **what: Any) -> Event:
    """What the summariser says, hours after it began; its own time is that of its run."""
    told = event("ME_WORKFLOW_SUMMARY", product=product, **what)
    begun = told.pop("ets")
    told["ets"] = float(begun + later // timedelta(milliseconds=1))
    told["syncts"] = told["ets"] + 60_000
    told["uid"] = told.pop("actor")["id"]
    context = told["context"]
    told["dimensions"] = {
        "did": context.pop("did"),
        "sid": context.pop("sid"),
        "channel": context.pop("channel"),
        "pdata": context.pop("pdata"),
        "type": kind,
        "mode": "play" if kind == "content" else None,
    }
    end = begun + seconds * 1000
    context["date_range"] = {"from": float(begun), "to": end}
    eks = {"start_time": float(begun), "end_time": end, "time_spent": seconds}
    told["edata"] = {"eks": eks}
    return told


def play(
    content: str,
    collection: str | None,
    *,
    product: str = "app",
    seconds: float = 60.0,
    later: timedelta = timedelta(minutes=20),
    **what: Any,
) -> Event:
    rollup = {"l1": collection} if collection else {}
    about = {"id": content, "type": "Content", "ver": "1", "rollup": rollup}
    return summary("content", about=about, product=product, seconds=seconds, later=later, **what)


def session(
    *,
    product: str = "app",
    seconds: float = 300.0,
    later: timedelta = timedelta(minutes=20),
    **what: Any,
) -> Event:
    return summary("app", product=product, seconds=seconds, later=later, **what)


def content_download(content: str, *, product: str = "app", **what: Any) -> Event:
    edata: dict[str, Any] = {"type": "OTHER", "subtype": "ContentDownload-Success", "id": ""}
    env = "sdk"
    if product == "desktop":
        edata, env = {"state": "COMPLETED"}, "downloadManager"
    about = {"id": content, "type": "Content", "ver": "1"}
    return event("INTERACT", product=product, env=env, about=about, edata=edata, **what)


def certificate_click(
    user: str | None,
    course: str,
    *,
    product: str = "app",
    device_kind: str = "Mobile",
    button: str = "profile-download-certificate",
    **what: Any,
) -> Event:
    """The app names the course; the portal does not, but for what else is known of its device."""
    if product == "app":
        edata = {
            "type": "TOUCH",
            "subtype": "download-certificate-clicked",
            "id": "",
            "pageid": "profile",
            "extra": {"values": [{"courseId": course}]},
        }
        of_course = {"id": course, "type": "Certificate"}
        return event("INTERACT", user=user, env="user", about=of_course, edata=edata, **what)
    cdata = [
        {"id": "course:download:cert", "type": "Feature"},
        {"id": "SB-14120", "type": "Task"},
        {"id": device_kind, "type": "Device"},
    ]
    edata = {"id": button, "type": "click", "pageid": "profile-read"}
    about: dict[str, Any] = {"id": user, "type": "User", "ver": "1.0"}
    return event(
        "INTERACT", user=user, env="profile", product="portal", cdata=cdata, about=about,
        edata=edata, **what,
    )  # fmt: skip


def report_click(
    course: str,
    *,
    user: str,
    batch: str | None = None,
    button: str = "download",
    page: str = "course-progress-dashboard",
    **what: Any,
) -> Event:
    cdata = [{"id": course, "type": "Course"}] + ([{"id": batch, "type": "Batch"}] if batch else [])
    edata = {"id": button, "type": "click", "pageid": page}
    about = {"id": course, "type": "Course", "ver": "1.0"}
    return event(
        "INTERACT", user=user, env="course", product="portal", cdata=cdata if batch else None,
        about=about, edata=edata, **what,
    )  # fmt: skip


def impression(**what: Any) -> Event:
    edata = {"type": "view", "pageid": "home", "uri": "/explore"}
    return event("IMPRESSION", product="portal", env="home", edata=edata, **what)
