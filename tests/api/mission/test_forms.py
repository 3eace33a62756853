"""What a phone is given to ask: the forms that are offered, every version of one, and the mission's own beside ours."""

from pathlib import Path

import httpx
import msgspec
import pytest

from api.main import create_app
from api.options import MissionOptions, ServeOptions
from mission.forms.library import load_forms, offered
from mission.forms.model import Form
from mission.people.roles import Role
from tally.errors import InvalidInput
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, client_of
from tests.api.country import Country
from tests.api.mission.conftest import MISSION, OPTIONS, add, own, sign_in
from tests.mission.forms.files import MINIMAL, write


def test_an_observer_reads_the_forms_whole_and_asks_for_them_again_only_when_they_change(
    served_mission: tuple[httpx.Client, Store],
) -> None:
    client, _ = served_mission
    sign_in(client, "observer")
    answer = client.get(f"{MISSION}/forms")
    assert msgspec.convert(answer.json()["forms"], list[Form]) == offered(load_forms())
    known = {"If-None-Match": answer.headers["etag"]}
    assert client.get(f"{MISSION}/forms", headers=known).status_code == 304
    versions = client.get(f"{MISSION}/forms/opening").json()["versions"]
    assert [(form["id"], form["version"]) for form in versions] == [("opening", 1)]
    assert client.get(f"{MISSION}/forms/nothing").status_code == 404


def test_a_form_in_the_mission_s_own_folder_is_offered_beside_the_shipped_ones(store: Store, tmp_path: Path) -> None:
    write(tmp_path)
    Country(store)
    add(store.engine, "ana", Role.ADMIN)
    passwords = OPTIONS.mission.passwords
    options = ServeOptions(mission=MissionOptions(forms=tmp_path, passwords=passwords))
    with client_of(create_app(store, ELECTIONS, options=options)) as client:
        client.headers.update(own(client))
        sign_in(client, "ana")
        found = client.get(f"{MISSION}/forms").json()["forms"]
    assert [form["id"] for form in found if form["moment"] == "voting"] == ["short", "voting"]


def test_a_server_with_a_form_that_cannot_be_does_not_start(store: Store, tmp_path: Path) -> None:
    write(tmp_path, MINIMAL.replace('"CO"', '"co"'))
    with pytest.raises(InvalidInput, match=r"short.v1.toml is not a valid form: code"):
        create_app(store, ELECTIONS, options=ServeOptions(mission=MissionOptions(forms=tmp_path)))
