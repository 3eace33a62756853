"""The error tree: every failure the project knows by name.

EscrutinioError
├── FeedError                the source could not give us a number
│   ├── FeedUnavailable      network, time-out, 5xx: back off, keep the last good value
│   ├── FeedRefused          401, 403, 429, challenge page: slow down or stop, tell the operator
│   └── FeedMalformed        not the expected shape: keep the bytes and the last good value
│       ├── FeedEmpty        204 or an empty 200: the source has nothing for that question
│       └── WrongElection    the host answers about another election
│           └── SourceChanged    it was the right one, and is another one now
├── Unforeseen               a fault of ours over something we were told: what it came from is set aside
├── CountInconsistent        our running sums differ from the recomputed ones: publish nothing more
├── InvalidInput             a file, setting or parameter given by a person cannot be used
│   └── UnknownElection
├── NotFound                 no such area, mesa, version: 404
├── Unidentified             the caller does not say who it is, or is not who it says: 401
├── Forbidden                403
│   └── Suspended            the caller may not come in for now
├── Conflict                 what is there already stands against it: 409
├── TooMany                  the caller has or asks more than one caller may: 429
├── TooLarge                 the caller sends more than is taken: 413
├── IntakeStopped            the mission takes no reports for now: 503
├── StoreError
│   ├── StoreUnavailable     database away, locked or read-only: 503
│   │   └── StoreMismatch    its schema, or its log, is of a version that this program cannot use
│   ├── ValueRefused         the database is there, but refuses a value it is given: 422
│   ├── WriterBusy           another writer holds the lease
│   │   └── WriterSilent     whether that one lives is in doubt: it shows within seconds
│   └── LeaseLost            this writer's lease was taken over: stop writing
├── ArchiveError             the raw archive cannot be written or does not match its log
├── BoundaryError            geometry missing, unreadable or not Peru
└── PortTaken                the address to serve on is in use
"""

# What answers say of a failed database whose own words may name files, hosts and people.
WITHHELD = "our database cannot do that just now; our log says why"
# A sentence about an answer may quote it, and an answer may hold anything.
_LONGEST = 500


class EscrutinioError(Exception):
    """Root of the tree; `str(error)` is one sentence that says what happened and, where known, what to do."""


class FeedError(EscrutinioError):
    """The source could not give a usable answer. The sentence is safe to log: short, and without control characters."""

    def __init__(self, message: str) -> None:
        short = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
        super().__init__("".join(one if one.isprintable() else "\ufffd" for one in short))


class FeedUnavailable(FeedError):
    """Network failure, time-out or 5xx; nothing is asked for `pause_s`."""

    def __init__(self, message: str, *, pause_s: float = 0.0) -> None:
        super().__init__(message)
        self.pause_s = pause_s


class FeedRefused(FeedError):
    """The source refuses us (401, 403, 405, 429, challenge).

    `retry_after_s` is its wish, if it gave one; `pause_s` for how long nothing is asked. `is_apart`: only what the
    source guards by itself was refused, and all else is asked as before.
    """

    def __init__(
        self, message: str, *, retry_after_s: float | None = None, pause_s: float = 0.0, is_apart: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after_s, self.pause_s, self.is_apart = retry_after_s, pause_s, is_apart


class FeedMalformed(FeedError):
    """The payload has not the expected shape."""


class FeedEmpty(FeedMalformed):
    """204 or an empty body: the source has no data for that question."""


class WrongElection(FeedMalformed):
    """The host answers about another election than the one asked for."""


class SourceChanged(WrongElection):
    """The source is another one than the count was begun with: another election's, or a rehearsal instead of none."""


class Unforeseen(EscrutinioError):
    """Our own program failed over something it was told. `str(error)` names the bytes, the cause is the failure."""


class CountInconsistent(EscrutinioError):
    """The board's running sums and its full recompute disagree."""


class InvalidInput(EscrutinioError):
    """Something a person gave (file, option, parameter) cannot be used."""


class UnknownElection(InvalidInput):
    """No election of that id is defined."""


class NotFound(EscrutinioError):
    """The thing asked for does not exist."""


class Forbidden(EscrutinioError):
    """The caller may not do this."""


class Suspended(Forbidden):
    """The caller may not come in for now; whatever they hold and keep is theirs again when that is over."""


class Unidentified(EscrutinioError):
    """The caller does not say who it is, or is not who may do this."""


class Conflict(EscrutinioError):
    """What is there already stands against what is asked."""


class TooMany(EscrutinioError):
    """The caller has, or asks for, more than one caller may. `retry_s`: how long that lasts, where it is known."""

    def __init__(self, message: str, retry_s: int | None = None) -> None:
        super().__init__(message)
        self.retry_s = retry_s


class TooLarge(EscrutinioError):
    """The caller sends more than is taken."""


class IntakeStopped(EscrutinioError):
    """The mission takes no reports for now; what was not sent is kept by whoever wrote it."""


class StoreError(EscrutinioError):
    """The database could not do what was asked."""


class StoreUnavailable(StoreError):
    """The database is away, locked, full or read-only.

    `str(error)` is the operator's and may name files, hosts and people. `public` is what an answer may say.
    """

    def __init__(self, message: str, *, public: str = WITHHELD) -> None:
        super().__init__(message)
        self.public = public


class StoreMismatch(StoreUnavailable):
    """The database's schema, or its log, is of a version that this program cannot use."""


class ValueRefused(StoreError):
    """The database refuses a value, and would do so again: waiting does not help."""


class WriterBusy(StoreError):
    """Another process holds the writer's lease."""


class WriterSilent(WriterBusy):
    """Another process holds the lease, but perhaps lives no more. `seen`: its name and until when, as they stood."""

    def __init__(self, message: str, seen: tuple[str | None, float]) -> None:
        super().__init__(message)
        self.seen = seen


class LeaseLost(StoreError):
    """This process no longer holds the writer's lease and must stop writing."""


class ArchiveError(EscrutinioError):
    """The raw archive cannot be written, or a blob does not match its name."""


class KeyUnknown(InvalidInput):
    """The archive was sealed with other keys than the one at hand; a person decides which it is from now on."""


class BoundaryError(EscrutinioError):
    """Geometry is missing, unreadable, or not Peru."""


class PortTaken(EscrutinioError):
    """The address to listen on is already in use."""
