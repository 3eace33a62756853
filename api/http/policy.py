"""Who may ask for what: one rule for every method and path of the application. What has no rule is not served.

The rules of the mission are carried out here too, before the route is called: see `api.serving.viewer`.
"""

from collections.abc import Iterator, Mapping

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from msgspec import Struct

from mission.people.roles import Role
from tally.errors import EscrutinioError

PREFIX = "/api/v1"
MISSION = f"{PREFIX}/mission"
INTAKE = f"{PREFIX}/incidents"


class Undeclared(EscrutinioError):
    """A route without a rule, or a rule that cannot be kept: a mistake of ours, found at the start."""


class AccessRule(Struct, frozen=True):
    """Who may ask.

    is_private: the answer is somebody's: never cached, never for other pages, and nobody's while there is no mission.
    least: the lowest role that may; None: whoever asks.
    all_from: below this role one's own things only; those of others do not exist. None: all things.
    is_foreign_only: never one's own things, whatever the role.
    """

    name: str
    is_private: bool = True
    least: Role | None = None
    all_from: Role | None = None
    is_foreign_only: bool = False


PUBLIC = AccessRule("public", is_private=False)
# The relay's own token opens it; the route asks for it.
TOKEN = AccessRule("token", is_private=False)
# The text gateway's signature opens it; the route checks it.
SIGNED = AccessRule("signed", is_private=False)
ANYBODY = AccessRule("anybody")
OBSERVER = AccessRule("observer", least=Role.OBSERVER)
# An observer's own reports; a verifier's everybody's.
OWN = AccessRule("own", least=Role.OBSERVER, all_from=Role.VERIFIER)
VERIFIER = AccessRule("verifier", least=Role.VERIFIER)
# Nobody judges what they reported themselves.
OTHERS = AccessRule("others", least=Role.VERIFIER, is_foreign_only=True)
COORDINATOR = AccessRule("coordinator", least=Role.COORDINATOR)
ADMIN = AccessRule("admin", least=Role.ADMIN)

ELECTION = f"{PREFIX}/elections/{{election_id}}"
# What is told of a count stands at both: of an election's first contest, and of the contest that is named.
COUNTS = (ELECTION, f"{ELECTION}/contests/{{contest_id}}")
_COUNT_PATHS = (
    "",
    "/search",
    "/state",
    "/state/{seq}",
    "/changes",
    "/live",
    "/stream",
    "/results",
    "/previous",
    "/areas/{key:path}",
    "/timeline",
    "/moments",
    "/lead-changes",
    "/lead-changes/live",
    "/lead-changes/stream",
    "/why",
    "/bulletin",
    "/bulletins",
    "/queue",
    "/corrections",
    "/reconciliation",
    "/head",
    "/heads",
    "/consistency",
    "/proof",
    "/places",
    "/places/{code}",
    "/mesas/{mesa}",
    "/incidents",
    "/quick-count",
)
_PUBLIC_PATHS = (
    "/openapi.json",
    "/robots.txt",
    "/prove.py",
    "/llms.txt",
    "/favicon.ico",
    "/.well-known/security.txt",
    "/healthz",
    "/readyz",
    "/metrics",
    PREFIX,
    f"{PREFIX}/asyncapi.json",
    f"{PREFIX}/elections",
    *(f"{ELECTION}/contests{rest}" for rest in ("", "/live", "/stream", "/bulletin")),
    *(f"{prefix}/{name}" for prefix in COUNTS for name in ("nist.json", "civics.xml")),
    *(prefix + path for prefix in COUNTS for path in _COUNT_PATHS),
    f"{PREFIX}/geometry",
    f"{PREFIX}/geometry/outlines/{{key:path}}",
    f"{PREFIX}/geometry/{{name}}.{{digest}}.json",
    "/embed/v1/{view}",
    "/embed/v1/assets/{name}",
    "/cards/{key:path}.png",
    "/oembed",
    "/data/index.json",
    "/data/{election_id}/{contest_id}/{version}/{name}",
    "/embed",
)
_MISSION_RULES: Mapping[tuple[str, str], AccessRule] = {
    # people
    ("POST", "/session"): ANYBODY,
    ("GET", "/session"): ANYBODY,
    ("DELETE", "/session"): OBSERVER,
    ("POST", "/devices"): ANYBODY,
    ("GET", "/accounts"): ADMIN,
    ("POST", "/accounts"): ADMIN,
    ("POST", "/accounts/{name}/revoke"): ADMIN,
    ("POST", "/invitations"): ADMIN,
    ("GET", "/locks"): ADMIN,
    ("DELETE", "/locks/{id}"): ADMIN,
    ("GET", "/activity"): ADMIN,
    ("GET", "/audit"): ADMIN,  # its earlier path, as those of the acta audits below
    ("GET", "/intake-stop"): OBSERVER,
    ("POST", "/intake-stop"): ADMIN,
    ("DELETE", "/intake-stop"): ADMIN,
    ("POST", "/releases"): COORDINATOR,
    ("POST", "/ticket"): OBSERVER,
    ("GET", "/alerts"): OBSERVER,
    # incidents
    ("GET", "/incidents"): OWN,
    ("GET", "/incidents/{id}"): OWN,
    ("POST", "/incidents/{id}/moves"): OTHERS,
    ("POST", "/incidents/{id}/corrections"): OTHERS,
    ("POST", "/incidents/{id}/notes"): OWN,
    ("POST", "/incidents/{id}/photos"): OWN,
    ("GET", "/incidents/{id}/photos/{hash}"): OWN,
    ("POST", "/incidents/{id}/merge"): COORDINATOR,
    ("POST", "/incidents/{id}/assign"): COORDINATOR,
    ("POST", "/observers/{name}/quarantine"): COORDINATOR,
    ("DELETE", "/observers/{name}/quarantine"): COORDINATOR,
    ("GET", "/assignment"): OBSERVER,
    ("GET", "/coverage"): VERIFIER,
    ("GET", "/map-changes"): VERIFIER,
    ("GET", "/incidents.csv"): VERIFIER,
    ("GET", "/summary"): VERIFIER,
    ("GET", "/public-preview"): COORDINATOR,
    ("POST", "/publications"): COORDINATOR,
    ("GET", "/postings"): VERIFIER,
    ("POST", "/postings"): COORDINATOR,
    # findings and guides
    ("GET", "/findings"): VERIFIER,
    ("GET", "/findings.csv"): COORDINATOR,
    ("GET", "/guides"): OBSERVER,
    ("GET", "/guides/{name}"): OBSERVER,
    # roster, teams, cards
    ("GET", "/people"): COORDINATOR,
    ("POST", "/people/cards"): COORDINATOR,
    ("POST", "/people/spread"): COORDINATOR,
    ("POST", "/people/{name}/suspension"): COORDINATOR,
    ("DELETE", "/people/{name}/suspension"): COORDINATOR,
    ("POST", "/roster/preview"): COORDINATOR,
    ("POST", "/roster"): COORDINATOR,
    # forms
    ("GET", "/forms"): OBSERVER,
    ("GET", "/forms/{form}"): OBSERVER,
    # messages
    ("GET", "/messages"): OBSERVER,
    ("POST", "/messages"): COORDINATOR,
    ("GET", "/messages/audiences"): COORDINATOR,
    ("GET", "/messages/unread"): OBSERVER,
    ("POST", "/messages/{id}/read"): OBSERVER,
    ("POST", "/messages/{id}/answers"): OBSERVER,
    # flags, stakes, audit of actas
    ("GET", "/flags"): VERIFIER,
    ("GET", "/flags/{id}"): VERIFIER,
    ("GET", "/flags/history/{mesa}"): VERIFIER,
    ("GET", "/badges"): VERIFIER,
    ("GET", "/stake"): VERIFIER,
    ("GET", "/troubled"): VERIFIER,
    ("GET", "/acta-audits/prospect"): COORDINATOR,
    **{
        (method, f"/{name}{rest}"): rule
        for name in ("acta-audits", "audits")
        for method, rest, rule in (
            ("GET", "", VERIFIER),
            ("POST", "", COORDINATOR),
            ("GET", "/{id}", VERIFIER),
            ("POST", "/{id}/entries", VERIFIER),
            ("GET", "/{id}.csv", VERIFIER),
        )
    },
    # the mission's own quick count, and the list of mesas it is drawn from before the night
    ("GET", "/sampling-frames"): VERIFIER,
    ("GET", "/sampling-frames/{id}/mesas"): VERIFIER,
    ("GET", "/sampling-frames/places"): OBSERVER,
    ("POST", "/sampling-frames/preview"): COORDINATOR,
    ("POST", "/sampling-frames"): COORDINATOR,
    ("POST", "/sampling-frames/taken"): COORDINATOR,
    ("GET", "/quick-counts"): OBSERVER,
    ("POST", "/quick-counts"): COORDINATOR,
    ("GET", "/quick-counts/{id}"): VERIFIER,
    ("GET", "/quick-counts/{id}/units"): OBSERVER,  # an observer's own
    ("POST", "/quick-counts/{id}/copies"): OBSERVER,
    ("POST", "/quick-counts/{id}/copies/{copy}/photos"): OBSERVER,  # of one's own copy
    ("GET", "/quick-counts/{id}/copies/{copy}/photos/{hash}"): VERIFIER,
    ("GET", "/quick-counts/{id}/mesas/{mesa}"): VERIFIER,
    ("POST", "/quick-counts/{id}/decisions"): VERIFIER,
    ("GET", "/quick-counts/{id}/comparisons"): VERIFIER,
    ("GET", "/quick-counts/{id}/arrival"): VERIFIER,
    ("GET", "/quick-counts/{id}/estimate"): COORDINATOR,
    ("POST", "/quick-counts/{id}/publication"): VERIFIER,  # a coordinator proposes, another person confirms
    # what observers answer to forms
    ("POST", "/responses"): OBSERVER,
    ("GET", "/responses"): OWN,
    ("GET", "/responses/{id}"): OWN,
    ("POST", "/responses/{id}/photos"): OWN,
    ("GET", "/responses/{id}/photos/{hash}"): OWN,
    ("POST", "/responses/{id}/verify"): OTHERS,
    ("GET", "/conflicts"): VERIFIER,
    ("POST", "/conflicts/{form}/{place_code}"): VERIFIER,
    ("GET", "/completeness"): VERIFIER,
    ("GET", "/waiting"): VERIFIER,
}
POLICY: Mapping[tuple[str, str], AccessRule] = {
    **{("GET", path): PUBLIC for path in _PUBLIC_PATHS},
    ("POST", f"{PREFIX}/relay"): TOKEN,
    ("POST", f"{PREFIX}/text-messages"): SIGNED,
    ("POST", INTAKE): OBSERVER,
    **{(method, MISSION + path): rule for (method, path), rule in _MISSION_RULES.items()},
}
# Bodies that are no JSON: pictures, tables, and the answers a relay hands over.
PICTURES = frozenset(
    {
        *(f"{MISSION}/{things}/{{id}}/photos" for things in ("incidents", "responses")),
        f"{MISSION}/quick-counts/{{id}}/copies/{{copy}}/photos",
    }
)
TABLES = frozenset(f"{MISSION}/{list_}{step}" for list_ in ("roster", "sampling-frames") for step in ("/preview", ""))


def is_private(path: str) -> bool:
    """Whether answers under that path are somebody's."""
    return path in (INTAKE, MISSION) or path.startswith(f"{MISSION}/")


def served(app: FastAPI) -> Iterator[tuple[str, str, RouteContext]]:
    """Method, path and route of all that the application answers. A socket begins as a GET, a HEAD is one."""
    for context in iter_route_contexts(app.routes):
        for method in sorted((context.methods or {"GET"}) - {"HEAD"}):
            yield method, context.path or "", context


def check_policy(app: FastAPI, guard: object) -> None:
    """Return if every route has a rule that is kept: a private one asks `guard` first, and reads no body before that.

    Raises: Undeclared.
    """
    for method, path, context in served(app):
        rule = POLICY.get((method, path))
        if rule is None:
            raise Undeclared(f"{method} {path} has no rule in api.http.policy: say who may ask for it")
        if rule.is_private != is_private(path):
            raise Undeclared(f"{method} {path}: its rule {rule.name!r} does not fit where it stands")
        if not rule.is_private:
            continue
        if guard not in [one.call for one in context.dependant.dependencies]:
            raise Undeclared(f"{method} {path} is mounted without its guard")
        if getattr(context, "body_field", None) is not None:
            raise Undeclared(f"{method} {path} would read its body before anybody is asked who they are")
