"""The questions of the 2026 feed. Parameter names differ by endpoint, and a wrong one is silently ignored."""

from ingest.feeds.onpe2026 import words
from ingest.feeds.texts import six_digits
from ingest.fetch import Question
from tally.election import Contest
from tally.keys import ABROAD, DOMESTIC, NATION, ancestors, area_key, is_abroad, is_within, ubigeo_of

BASE_PATH = "/presentacion-backend"
ACTAS = "/actas"
PAGE_SIZE = 100
_SUMMARY_NAMES = ("idUbigeoDepartamento", "idUbigeoProvincia", "idUbigeoDistrito")
_RACE_NAMES = ("ubigeoNivel1", "ubigeoNivel2", "ubigeoNivel3")

Params = tuple[tuple[str, str], ...]


def identity() -> Question:
    """Which election this host is about."""
    return Question("/proceso/proceso-electoral-activo")


def menu(process: int) -> Question:
    """The site's menu, which names most of a process's races."""
    return Question(f"/proceso/{process}/elecciones")


def leaves(contest: Contest) -> Question:
    """All districts and foreign cities with their full names."""
    return Question("/ubigeos/dep-prov-distritos", (("idEleccion", str(contest.source_id)),))


def totals(contest: Contest, key: str) -> Question:
    """Acta buckets and vote sums of one area."""
    return Question("/resumen-general/totales", _election(contest) + _area(contest, key, _SUMMARY_NAMES))


def participants(contest: Contest, key: str) -> tuple[Question, ...]:
    """Votes by list: in the race's own form, which has blank and null votes too, and in the general one, which has not.

    Most races have the general one alone: it is asked where the other has nothing, or is none.
    """
    general = Question("/resumen-general/participantes", _election(contest) + _area(contest, key, _SUMMARY_NAMES))
    if contest.source_page is None:
        return (general,)
    path = f"/{contest.source_page}/participantes-ubicacion-geografica-nombre"
    return Question(path, _election(contest) + _area(contest, key, _RACE_NAMES)), general


def heat(contest: Contest, scope: str, level: str) -> Question:
    """Counted actas of all areas of one level in one scope."""
    params = (("tipoFiltro", level), ("idAmbitoGeografico", scope))
    return Question("/resumen-general/mapa-calor", _election(contest) + params)


def acta_list(contest: Contest, ubigeo: str, page: int) -> Question:
    """One page of the actas of a district."""
    params = (
        ("pagina", str(page)),
        ("tamanio", str(PAGE_SIZE)),
        ("idAmbitoGeografico", _scope(ubigeo)),
        ("idUbigeo", ubigeo),
    )
    return Question("/actas", (*params, *_election(contest)))


def acta_search(mesa: str) -> Question:
    """The actas of one mesa."""
    return Question("/actas/buscar/mesa", (("codigoMesa", mesa),))


def own_key(contest: Contest, key: str) -> str:
    """The area that is asked about for a key: for all that lies around the contest's own, that."""
    return contest.whole if is_within(contest.whole, key) else key


def scopes(contest: Contest) -> tuple[str, ...]:
    """The scopes that a contest has votes in."""
    return (words.DOMESTIC, words.ABROAD) if contest.whole == NATION else (_scope(contest.scope),)


def _election(contest: Contest) -> Params:
    return (("idEleccion", str(contest.source_id)),)


def _scope(ubigeo: str) -> str:
    return words.ABROAD if is_abroad(ubigeo) else words.DOMESTIC


def _area(contest: Contest, key: str, names: tuple[str, str, str]) -> Params:
    """Filter of one area: every level above it must be named too, or the source answers 500."""
    key = own_key(contest, key)
    if key == NATION:
        return (("tipoFiltro", "eleccion"),)
    named = [ubigeo for one in (*ancestors(key), key) if (ubigeo := ubigeo_of(one)) is not None]
    if not named:
        scope = words.ABROAD if key == ABROAD else words.DOMESTIC
        return (("tipoFiltro", "ambito_geografico"), ("idAmbitoGeografico", scope))
    codes = zip(names, named, strict=False)
    return (("tipoFiltro", f"ubigeo_nivel_0{len(named)}"), ("idAmbitoGeografico", _scope(named[-1])), *codes)


def area_of(question: Question) -> str | None:
    """Key of the area that a question for one area asks about, None if it is no such question.

    Raises: FeedMalformed: it asks about what is no ubigeo: a relay's addresses are not ours.
    """
    params = dict(question.params)
    level = params.get("tipoFiltro", "")
    if level == "eleccion":
        return NATION
    if level == "ambito_geografico":
        return ABROAD if params.get("idAmbitoGeografico") == words.ABROAD else DOMESTIC
    names = _RACE_NAMES if _RACE_NAMES[0] in params else _SUMMARY_NAMES
    code = next((params[name] for name in reversed(names) if name in params), None)
    return None if code is None else area_key(six_digits(code, "ubigeo"))
