"""What a count is made of: areas, tallies, actas. Values are frozen, votes are integers, missing is None."""

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

from tally.rules.issues import Issue


class ActaState(StrEnum):
    """State of one acta, in the field's words. Counted, annulled and not installed all left the count's to-do list."""

    PENDING = "pending"
    COUNTED = "counted"
    AT_JEE = "at_jee"
    ANNULLED = "annulled"
    NOT_INSTALLED = "not_installed"


class FeedState(StrEnum):
    """How the source is doing. Whoever shows a count judges if it is `stale`, `final` or `past`, a moment that was.

    `final`: all actas are counted, and nobody need ask any more.
    """

    STARTING = "starting"
    OK = "ok"
    STALE = "stale"
    FINAL = "final"
    DOWN = "down"
    PAST = "past"


# Figures of an area's count in the order they are told: where the actas are, then votes, then those that are not valid.
BUCKETS = (ActaState.COUNTED.value, ActaState.AT_JEE.value, ActaState.PENDING.value)
NOT_VALID = ("blank", "null", "challenged")
FIGURES = (*BUCKETS, "total", "cast", "valid", *NOT_VALID)


# The fields below stand in alphabetical order and their names are the published JSON: one encoding, one hash.


class Acta(Struct, frozen=True, kw_only=True):
    """One mesa's tally sheet in one contest, as the source states it.

    `code` is the source's raw state, `source_at` its last event (ISO UTC), `registered` the mesa's roll.
    `votes` follow the contest's lists; a single None is a figure nobody could read. An acta at the JEE may
    show votes, which no aggregate includes. `held` stands while a newer value breaks a rule. `flags`: worth a look.
    """

    blank: int | None = None
    cast: int | None = None
    challenged: int | None = None
    code: str
    flags: tuple[Issue, ...] | UnsetType = UNSET
    held: tuple[Issue, ...] | UnsetType = UNSET
    null: int | None = None
    observation: str | None = None
    place: str | None
    registered: int | None
    source_at: str | None = None
    state: ActaState
    ubigeo: str
    valid: int | None = None
    votes: tuple[int | None, ...] | None = None


class AreaCount(Struct, frozen=True, kw_only=True):
    """What the source publishes for one area at one cut: acta buckets and votes.

    counted + at_jee + pending = total (actas); cast = valid + blank + null + challenged; valid = Σ votes.
    `source_at` is the source's stamp, ISO UTC. `turnout`: votes cast of the whole roll, thousandths of a percent.
    """

    at_jee: int
    blank: int | None = None
    cast: int
    challenged: int | None = None
    counted: int
    null: int | None = None
    pending: int
    source_at: str | None = None
    total: int
    turnout: int | None = None
    valid: int
    votes: tuple[int, ...]


class Sums(Struct, frozen=True):
    """Our own sum of the actas below an area or place: votes of the counted ones, roll of all and of the counted."""

    at_jee: int
    blank: int
    cast: int
    challenged: int
    counted: int
    null: int
    pending: int
    registered: int
    registered_counted: int
    total: int
    valid: int
    votes: tuple[int, ...]

    def as_count(self, source_at: str | None = None) -> AreaCount:
        """What a source would publish for an area whose actas add up to this."""
        return AreaCount(
            at_jee=self.at_jee,
            blank=self.blank,
            cast=self.cast,
            challenged=self.challenged,
            counted=self.counted,
            null=self.null,
            pending=self.pending,
            source_at=source_at,
            total=self.total,
            valid=self.valid,
            votes=self.votes,
        )


class AreaState(Struct, frozen=True, kw_only=True):
    """All that is shown of one area; `published` is None until the source has stated a count for it.

    `flags`: published, but worth a look. `held`: a newer value breaks a rule, this is the last good one.
    """

    computed: Sums
    flags: tuple[Issue, ...] | UnsetType = UNSET
    held: tuple[Issue, ...] | UnsetType = UNSET
    name: str | None
    published: AreaCount | None


class PollingPlace(Struct, frozen=True, kw_only=True):
    """A building with mesas. `code` is the source's; `populated_place` is named for remote places (centro poblado)."""

    code: str
    name: str
    populated_place: str | None = None
    ubigeo: str


class PlaceState(Struct, frozen=True, kw_only=True):
    """All that is shown of one polling place."""

    code: str
    computed: Sums
    name: str
    populated_place: str | None
    ubigeo: str
