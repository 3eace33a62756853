"""Who may be written to, and the audiences they make: shown with their numbers before anything is sent."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlalchemy import Engine, select

from api.mission.case import Case
from mission.forms.model import Form
from mission.messages.book import Audience, AudienceKind
from mission.messages.receivers import Addressee, choose_receivers
from mission.people.roles import Role
from mission.people.suspensions import suspended_ids
from mission.people.tables import accounts, contacts
from mission.people.teams import Teams
from mission.responses.response import ResponseState
from mission.stations import posted
from tally.keys import Level, area_key, prefix_of
from tally.storage.database import transaction


class AudienceSize(Struct, frozen=True):
    """An audience, what it is called where the count knows it, how many it reaches, and how many of them by text."""

    kind: AudienceKind
    value: str | None
    name: str | None
    receivers: int
    with_phone: int


def find_addressees(engine: Engine, case: Case, teams: Teams) -> list[Addressee]:
    """Every observer who may come in, with where they are and what they answered. Not on the loop.

    Raises: StoreUnavailable.
    """
    postings, responses = posted(case.casebook.read().postings), case.responses.read()
    chosen = select(accounts.c.id, accounts.c.pseudonym, contacts.c.phone.is_not(None).label("has_phone"))
    standing = (accounts.c.role == Role.OBSERVER.value) & accounts.c.revoked_at.is_(None)
    with transaction(engine) as connection:
        suspended = suspended_ids(connection)
        joined = chosen.outerjoin(contacts, contacts.c.account_id == accounts.c.id).where(standing)
        rows = [row for row in connection.execute(joined) if row.id not in suspended]
    return [
        Addressee(
            row.pseudonym,
            row.has_phone,
            teams.of(row.pseudonym).team,
            posting.prefix if (posting := postings.get(row.pseudonym)) else None,
            frozenset(one.sent.form for one in responses.own(row.pseudonym) if one.state is not ResponseState.DOUBTFUL),
        )
        for row in rows
    ]


def list_audiences(case: Case, everybody: Sequence[Addressee], forms: Iterable[Form]) -> list[AudienceSize]:
    """All, each team, each region in which somebody is, and each form: whoever is assigned and did not answer it."""
    teams = sorted({one.team for one in everybody if one.team is not None})
    prefixes = {one.prefix for one in everybody if one.prefix is not None}
    regions = sorted({area_key(prefix_of(prefix, Level.DEPARTMENT)) for prefix in prefixes})
    audiences = [
        Audience(AudienceKind.ALL),
        *(Audience(AudienceKind.TEAM, team) for team in teams),
        *(Audience(AudienceKind.REGION, region) for region in regions),
        *(Audience(AudienceKind.WITHOUT_FORM, form.id) for form in forms),
    ]
    return [_measured(case, audience, everybody) for audience in audiences]


def _measured(case: Case, audience: Audience, everybody: Sequence[Addressee]) -> AudienceSize:
    reached = choose_receivers(audience, everybody)
    name = case.live.names.names.get(audience.value or "")
    return AudienceSize(audience.kind, audience.value, name, len(reached), sum(one.has_phone for one in reached))
