"""The rehearsal's mission at work on a stage: its play in a hurry, and somebody of each role to look around."""

from collections.abc import Callable

import msgspec

from api.commands.rehearsal_mission import make_cast
from mission.rehearsal.play import Play
from tally.settings import load_settings
from tests.acceptance.team import Team
from tests.stage.country import ELECTION
from tests.stage.night import Night, get, wait

# A tenth of the pace at which `make run` plays it.
_PACE = 0.1
_SEED_OF_AUDIT, _READINGS = "04711815162342000427", 6
_REST = ("blank", "null", "challenged")


def perform(night: Night, seed: int, say: Callable[[str], None]) -> Team:
    """Forty observers report, verifiers work the queue, a coordinator publishes; the team to look around with."""
    database = f"sqlite:///{night.folder / 'var' / 'escrutinio.db'}"
    cast = make_cast(load_settings(database_url=database, election=ELECTION.id), seed)
    filed = Play(msgspec.structs.replace(cast.players, url=night.url, pace=_PACE), say).perform()
    say(f"{filed} incidents were filed, and what was verified is public")
    team = Team(night.url, night.folder)
    team.add_people()
    wait(lambda: team.ask("GET", "mission/flags", name="carla")["checkpoint"], "flags")
    _begin_audit(night, team)
    return team


def _begin_audit(night: Night, team: Team) -> None:
    """An audit whose first actas were read by two people, the last of them otherwise than it was typed."""
    audit = team.ask("POST", "mission/acta-audits", {"seed": _SEED_OF_AUDIT, "risk_limit": 0.05}, name="carla")
    mesas = list(dict.fromkeys(draw["mesa"] for draw in audit["draws"]))[:_READINGS]
    for mesa in mesas:
        acta = get(f"{night.api}/mesas/{mesa}")
        first, *others = acta["votes"]
        entry = {"mesa": mesa, "votes": [first - (mesa == mesas[-1]), *others], **{name: acta[name] for name in _REST}}
        for name in ("vera", "otto"):
            team.ask("POST", f"mission/acta-audits/{audit['id']}/entries", entry, name=name)
