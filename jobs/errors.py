"""The few kinds of expected failure, each with the exit code that a caller can tell apart.

A message says where, what was promised, what was found and what to do. Anything that is not one
of these is a bug and keeps its traceback.
"""


class BatchError(Exception):
    """An expected failure: shown as one line, without a traceback."""

    exit_code = 1


class SettingsError(BatchError):
    """A setting is missing or cannot be used."""

    exit_code = 2


class ContractError(BatchError):
    """A table does not have the shape that its contract promises."""

    exit_code = 10


class GateError(BatchError):
    """A quality gate found what must not be published."""

    exit_code = 11


class RequestError(BatchError):
    """A request cannot be answered for a reason that its requester can act on."""

    exit_code = 12


class DeliveryError(BatchError):
    """A message could not be handed over; the outbox keeps it."""

    exit_code = 13


class UnavailableError(BatchError):
    """The store, the lake, the object store or the mail server does not answer."""

    exit_code = 14


class FencedError(BatchError):
    """A lease was lost to another worker: nothing may be published or sent any more."""

    exit_code = 15


class ArchiveError(BatchError):
    """A file could not be protected as the policy asks; nothing was written."""

    exit_code = 16


# Not a failure: the command found nothing to do, so what follows it can be skipped.
NOTHING_TO_DO = 99
