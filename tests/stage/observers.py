"""The rehearsal's mission at work on a stage: its play in a hurry, and somebody of each role to look around."""

from collections.abc import Callable

import msgspec

from api.commands.rehearsal_mission import make_cast
from mission.rehearsal.play import Play
from tally.settings import load_settings
from tests.acceptance.team import Team
from tests.stage.country import ELECTION
from tests.stage.night import Night, wait

# A tenth of the pace at which `make run` plays it.
_PACE = 0.1


def perform(night: Night, seed: int, say: Callable[[str], None]) -> Team:
    """Forty observers report, verifiers work the queue, a coordinator publishes; the team to look around with."""
    database = f"sqlite:///{night.folder / 'var' / 'escrutinio.db'}"
    cast = make_cast(load_settings(database_url=database, election=ELECTION.id), seed)
    players = msgspec.structs.replace(cast.players, url=night.url, pace=_PACE, is_patient=False)
    filed = Play(players, say).perform()
    say(f"{filed} incidents were filed, and what was verified is public")
    team = Team(night.url, night.folder)
    team.add_people()
    wait(lambda: team.ask("GET", "mission/flags", name="carla")["checkpoint"], "flags")
    return team
