"""What a count is made of: areas, tallies, actas. Values are frozen, votes are integers, missing is None."""

from enum import StrEnum

from msgspec import UNSET, Struct, UnsetType

NATION = "nation"
DOMESTIC = "scope/domestic"
ABROAD = "scope/abroad"


class Level(StrEnum):
    """Levels of a count, from the whole to one table. Abroad: continent, country, city in the same three levels."""

    NATION = "nation"
    SCOPE = "scope"
    DEPARTMENT = "department"
    PROVINCE = "province"
    DISTRICT = "district"
    POLLING_PLACE = "polling_place"
    MESA = "mesa"


AREA_LEVELS = (Level.NATION, Level.SCOPE, Level.DEPARTMENT, Level.PROVINCE, Level.DISTRICT)
PREFIX_LENGTH = {Level.DEPARTMENT: 2, Level.PROVINCE: 4, Level.DISTRICT: 6}
LEVEL_OF_PREFIX = {length: level for level, length in PREFIX_LENGTH.items()}


class ActaState(StrEnum):
    """State of one acta, in the field's words. Counted, annulled and not installed all left the count's to-do list."""

    PENDING = "pending"
    COUNTED = "counted"
    AT_JEE = "at_jee"
    ANNULLED = "annulled"
    NOT_INSTALLED = "not_installed"


class FeedState(StrEnum):
    """How the source is doing. `stale` follows from ages, `past` is a moment that was: whoever shows a count judges."""

    STARTING = "starting"
    OK = "ok"
    STALE = "stale"
    DOWN = "down"
    PAST = "past"


# Figures of an area's count in the order they are told: where the actas are, then votes, then those that are not valid.
BUCKETS = (ActaState.COUNTED.value, ActaState.AT_JEE.value, ActaState.PENDING.value)
NOT_VALID = ("blank", "null", "challenged")
FIGURES = (*BUCKETS, "total", "cast", "valid", *NOT_VALID)


class Issue(Struct, frozen=True):
    """Why a value was held: the rule it broke, and the sentence that explains it in both languages."""

    en: str
    es: str
    rule: str


# The fields below stand in alphabetical order and their names are the published JSON: one encoding, one hash.


class Acta(Struct, frozen=True, kw_only=True):
    """One mesa's tally sheet in one contest, as the source states it.

    `code` is the source's raw state, `source_at` its last event (ISO UTC), `registered` the mesa's roll.
    `votes` follow the contest's lists; a single None is a figure nobody could read. An acta at the JEE may
    show votes, which no aggregate includes. `held` stands while a newer value breaks a rule.
    """

    blank: int | None = None
    cast: int | None = None
    challenged: int | None = None
    code: str
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


def area_key(ubigeo: str) -> str:
    """Key of a six-digit ubigeo or its two-, four- or six-digit prefix: "140000" → "department/14"."""
    prefix = ubigeo if len(ubigeo) < 6 else ubigeo_prefix(ubigeo)
    return f"{LEVEL_OF_PREFIX[len(prefix)]}/{prefix}"


def ubigeo_prefix(ubigeo: str) -> str:
    """Shortest prefix that names the same area: "140000" → "14", "140100" → "1401", "140101" → "140101"."""
    if ubigeo.endswith("0000"):
        return ubigeo[:2]
    return ubigeo[:4] if ubigeo.endswith("00") else ubigeo


def key_ubigeo(key: str) -> str | None:
    """Six-character ubigeo of an area key, or None for nation and scopes: "department/14" → "140000"."""
    level, _, prefix = key.partition("/")
    return prefix.ljust(6, "0") if level in ("department", "province", "district") else None


def key_level(key: str) -> Level:
    """Level of any key of the log: "place/0001" → polling_place."""
    head = key.partition("/")[0]
    return Level.POLLING_PLACE if head == "place" else Level(head)


def scope_key(ubigeo: str) -> str:
    """The scope an ubigeo lies in: codes from 91 on are abroad."""
    return ABROAD if ubigeo >= "91" else DOMESTIC


def parent_key(key: str) -> str | None:
    """Key of the area above, or None for the nation."""
    level, _, prefix = key.partition("/")
    if level == "district":
        return f"province/{prefix[:4]}"
    if level == "province":
        return f"department/{prefix[:2]}"
    if level == "department":
        return scope_key(prefix)
    return NATION if level == "scope" else None


def mesa_key(mesa: str) -> str:
    """Key of a mesa: "000001" → "mesa/000001"."""
    return f"mesa/{mesa}"


def place_key(code: str) -> str:
    """Key of a polling place by the source's code."""
    return f"place/{code}"
