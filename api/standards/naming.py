"""What is called how in a report: ids of its objects, names in every language, and the identifiers that others gave."""

import re
from collections.abc import Mapping
from functools import cache

from api.standards import terms
from geo.divisions import load_divisions
from geo.ubigeo import Crosswalk, load_catalogue
from tally.catalogue import Catalogue
from tally.election import Contest, ListEntry
from tally.keys import UBIGEO_LENGTH, UBIGEO_LEVELS, Level, code_of, level_of, ubigeo_of
from texts.language import LANGUAGES, load_languages
from texts.spelling import proper_name

Names = Mapping[str, str]
_NO_ID = re.compile(r"[^A-Za-z0-9_-]")


def unit_id(key: str) -> str:
    """ "department/14" → "gp-department-14". Ids are those of XML, too."""
    return f"gp-{_NO_ID.sub('-', key)}"


def contest_id(contest: Contest) -> str:
    """Id of a contest."""
    return f"contest-{contest.id}"


def party_id(entry: ListEntry) -> str:
    """Id of a list's party: lists of one id are one party's in all contests of an election."""
    return f"party-{entry.id}"


def candidate_id(contest: Contest, entry: ListEntry) -> str:
    """Id of a list's candidate."""
    return f"candidate-{contest.id}-{entry.id}"


def person_id(contest: Contest, entry: ListEntry) -> str:
    """Id of the person who is a list's candidate."""
    return f"person-{contest.id}-{entry.id}"


def selection_id(contest: Contest, entry: ListEntry) -> str:
    """Id of what is voted for."""
    return f"selection-{contest.id}-{entry.id}"


def in_all(name: str) -> Names:
    """A proper name, which is the same in every language; one in capitals as people write it."""
    return dict.fromkeys(LANGUAGES, proper_name(name))


def text(key: str) -> Names:
    """A text of ours in every language."""
    return {code: language(key) for code, language in load_languages().items()}


def candidate_name(entry: ListEntry) -> Names:
    """Of who runs for a list."""
    return in_all(entry.written or entry.candidate)


def color(entry: ListEntry) -> str | None:
    """A list's colour without "#", None where it has none."""
    return entry.color.removeprefix("#").lower() or None


def unit_names(key: str, name: str | None) -> Names:
    """Names of a unit, none where it has only a number or nobody has named it yet."""
    level = level_of(key)
    if level in (Level.NATION, Level.SCOPE):
        return text("area.nation" if level is Level.NATION else f"area.{code_of(key)}")
    name = name or _catalogue().name(code_of(key))
    if level is Level.MESA or not name:
        return {}
    foreign = f"abroad_name.{code_of(key)}"
    is_foreign = level in UBIGEO_LEVELS and next(iter(load_languages().values())).says(foreign)
    return text(foreign) if is_foreign else in_all(name)


def unit_identifiers(key: str) -> list[tuple[str, str]]:
    """Type and value of a unit's identifiers: Open Civic Data's first, where there is one."""
    level, code = level_of(key), code_of(key)
    divisions = load_divisions()
    found = [(terms.OCD_ID, divisions[key])] if key in divisions else []
    if level is Level.POLLING_PLACE:
        found.append((terms.PLACE_ONPE, code))
    elif level is Level.MESA:
        found.append((terms.MESA_ONPE, code))
    elif (ubigeo := ubigeo_of(key)) is not None:
        found.append((terms.UBIGEO_ONPE, ubigeo))
        inei = _crosswalk().inei(code)
        if inei is not None:
            found.append((terms.UBIGEO_INEI, inei.ljust(UBIGEO_LENGTH, "0")))
    return found


@cache  # of the tables that the package carries
def _catalogue() -> Catalogue:
    return load_catalogue()


@cache
def _crosswalk() -> Crosswalk:
    return Crosswalk(_catalogue())
