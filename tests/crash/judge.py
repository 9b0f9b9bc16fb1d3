"""Judges a history that runs have written, afterwards and from nothing else."""

import json
from collections import Counter

# Between the final dot and the note of the answer nobody can know whether the server has it.
AMBIGUOUS = ("send: answer not read", "send: answer read")


def read(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def faults(history):
    """What broke a promise, a sentence each."""
    return [*lost(history), *half_written(history), *mail_faults(history), *left_behind(history)]


def of(history, event):
    return [entry for entry in history if entry["event"] == event]


def lost(history):
    (end,) = of(history, "end")
    answered = {row["request_id"]: row["status"] for row in end["requests"]}
    mailed = {mail["request_id"] for mail in of(history, "mail")}
    for asked in of(history, "asked"):
        request_id = asked["request_id"]
        if answered.get(request_id) != asked["answer"]:
            yield f"the request {request_id} is {answered.get(request_id)} at the end"
        if request_id not in mailed:
            yield f"the request {request_id} was never mailed"


def half_written(history):
    """At no moment, that of a death included, is a file there that is not whole."""
    for seen in of(history, "objects"):
        for file in seen["files"]:
            if not file["is_whole"]:
                yield f"{file['key']} is half a file"
    (end,) = of(history, "end")
    there = {file["key"]: file["sha256"] for file in of(history, "objects")[-1]["files"]}
    for row in end["requests"]:
        for noted in row["noted"]:
            if there.get(noted["key"]) != noted["sha256"]:
                yield f"{noted['key']} is not the file that was noted"


def mail_faults(history):
    ids = {}
    copies = Counter()
    for mail in of(history, "mail"):
        ids.setdefault(mail["request_id"], set()).add(mail["message_id"])
        copies[mail["request_id"]] += 1
        if not mail["is_whole"]:
            yield f"a mail about {mail['request_id']} holds half a file"
    points = {run["kill_at"] for run in of(history, "run")}
    for request_id, found in ids.items():
        if len(found) > 1:
            yield f"{request_id} was mailed under {len(found)} Message-IDs"
        allowed = 2 if points & set(AMBIGUOUS) else 1
        if copies[request_id] > allowed:
            yield f"{request_id} was mailed {copies[request_id]} times"


def left_behind(history):
    (end,) = of(history, "end")
    for name in end["left_aside"]:
        yield f"{name} stays for ever"
    if end["leases"]:
        yield f"{end['leases']} leases are left"
    for status, n in end["deliveries"].items():
        if status != "sent":
            yield f"{n} messages are {status} at the end"


def was_killed(history):
    return any(run["ended"] == -9 for run in of(history, "run"))
