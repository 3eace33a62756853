"""Reports in Google's Civics profile: its own validator finds nothing in them but what the source does not say."""

import csv
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as xml

import httpx
import pytest

from geo.divisions import load_divisions
from tests.api.regions import GOVERNOR
from tests.api.standards.conftest import EMPTY, FIRST_ROUND, RUNOFF

_SCHEMA = Path(__file__).with_name("civics.xsd")
_PATHS = {
    "runoff": f"{RUNOFF.id}/contests/president/civics.xml",
    "first_round": f"{FIRST_ROUND.id}/civics.xml",
    "governors": f"{GOVERNOR.id}/civics.xml",
    "governor": f"{GOVERNOR.id}/contests/{EMPTY}/civics.xml",
    "before": f"{GOVERNOR.id}/civics.xml?at=2030-01-01",
}


def get(client: httpx.Client, path: str) -> xml.Element:
    answer = client.get(f"/api/v1/elections/{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml"), answer.text
    return xml.fromstring(answer.content)  # noqa: S314 - our own


def test_the_validator_of_the_profile_passes_every_report(shared: httpx.Client, tmp_path: Path) -> None:
    known = tmp_path / "ocd.csv"
    with known.open("w") as file:
        csv.writer(file).writerows([("id", "name"), *((one, "") for one in load_divisions().values())])
    files = []
    for name, path in _PATHS.items():
        files.append(tmp_path / f"{name}.xml")
        files[-1].write_bytes(shared.get(f"/api/v1/elections/{path}").content)
    options = ["--xsd", _SCHEMA, "--ocdid_file", known, "-c", "pe", "--required_languages", "es,en", "-v"]
    program = Path(sys.executable).with_name("civics_cdf_validator")
    done = subprocess.run([program, "validate", *options, *files], capture_output=True, text=True)
    print(done.returncode, done.stdout[-9000:], done.stderr[-3000:])
    assert 0
