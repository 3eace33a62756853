"""deploy/systemd: units that systemd takes, that may do little, and that agree with what else is shipped."""

import re
import shlex
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from tally.settings import Settings

_DEPLOY = Path(__file__).parents[1] / "deploy"
_SHIPPED = _DEPLOY / "systemd"
_SERVICES = sorted(path.name for path in _SHIPPED.glob("*.service"))
# Of ten; systemd calls what lies below 2 "ok", the best it says of a service that has the network.
_MOST_EXPOSED = 2.0


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units as they are shipped, but for the folder of the program, which must exist."""
    shutil.copytree(_SHIPPED, tmp_path / "units")
    for unit in (tmp_path / "units").glob("*.service"):
        unit.write_text(unit.read_text().replace("/opt/escrutinio/bin/escrutinio", sys.executable))
    return tmp_path / "units"


def read(name: str) -> ConfigParser:
    """A unit together with what holds for all of them."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign] # names as they are written
    parser.read([_SHIPPED / "escrutinio-.service.d" / "hardening.conf", _SHIPPED / name])
    return parser


@pytest.mark.systemd
def test_systemd_takes_every_unit(systemd_analyze: str, units: Path) -> None:
    files = [*units.glob("*.service"), *units.glob("*.target")]
    done = subprocess.run([systemd_analyze, "verify", *files], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.systemd
@pytest.mark.parametrize("name", _SERVICES)
def test_a_service_may_do_little(systemd_analyze: str, units: Path, name: str) -> None:
    command = [systemd_analyze, "security", "--offline=true", "--no-pager", f"--threshold={_MOST_EXPOSED * 10:.0f}"]
    done = subprocess.run([*command, units / name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert float(re.findall(r"exposure level for \S+: ([\d.]+)", done.stdout)[0]) <= _MOST_EXPOSED


def test_what_must_be_there_before_the_rest_is_brought_along_by_each_that_needs_it() -> None:
    for name in ("escrutinio-poll.service", "escrutinio-serve@.service"):
        unit = read(name)["Unit"]
        assert "escrutinio-upgrade.service" in unit["After"].split()
        assert "escrutinio-upgrade.service" in unit["Wants"].split()
        # A database that is away while the machine starts must end nothing for good.
        assert "Requires" not in unit
        assert (unit["StartLimitIntervalSec"], read(name)["Service"]["Restart"]) == ("0", "always")


def test_the_settings_beside_the_units_are_settings_and_none_of_them_is_secret() -> None:
    lines = (_SHIPPED / "escrutinio.env").read_text().splitlines()
    named = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    assert {name.removeprefix("ESCRUTINIO_").lower() for name in named} <= set(Settings.model_fields)
    # A shell reads it as systemd does.
    assert all(len(shlex.split(value)) == 1 for value in named.values())
    assert not re.search(r"KEY|TOKEN|SECRET|PASSWORD|://[^/\s]*@", "\n".join(named), re.IGNORECASE)


def test_the_folders_of_the_units_are_made_and_the_proxy_looks_where_the_copies_are_written() -> None:
    made = {line.split()[1]: line.split()[2:] for line in lines_of("escrutinio.tmpfiles.conf")}
    folders = re.findall(r"(?:LoadCredential=escrutinio:|ReadWritePaths=|=)(/(?:etc|var|srv)/\S+)", whole())
    assert {folder for folder in folders if "." not in folder} <= set(made)
    assert [name for name in made if "credentials" in name and made[name][0] != "0700"] == []
    (user,) = [line.split()[1] for line in lines_of("escrutinio.sysusers.conf")]
    assert read("escrutinio-poll.service")["Service"]["User"] == user
    export = read("escrutinio-export.service")["Service"]
    assert export["ReadWritePaths"] in export["ExecStart"].split()
    assert f"root {export['ReadWritePaths']};" in (_DEPLOY / "nginx.conf").read_text()
    asked = re.findall(r"http://(\S+)", export["ExecStart"])
    assert asked == re.findall(r"server (\S+) ", (_DEPLOY / "replicas-by-address.conf").read_text())
    assert [f"escrutinio-serve@{one.rpartition(':')[2]}.service" for one in asked] == read("escrutinio-export.service")[
        "Unit"
    ]["After"].split()


def lines_of(name: str) -> list[str]:
    return [line for line in (_SHIPPED / name).read_text().splitlines() if line and not line.startswith("#")]


def whole() -> str:
    return "\n".join(path.read_text() for path in _SHIPPED.rglob("*") if path.suffix in (".service", ".conf", ".env"))
