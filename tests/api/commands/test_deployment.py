"""`escrutinio doctor --deploy`: what is missing on a machine, each with the command that mends it."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import program
from api.commands.deployment import surroundings
from api.commands.deployment.files import check_files
from api.commands.deployment.finding import Finding
from api.commands.deployment.machine import Machine
from api.commands.deployment.shipped import shipped_files
from api.commands.deployment.surroundings import check_surroundings
from tally.storage.store import Store
from tests.databases import sqlite_in

_UNITS = (
    "escrutinio-poll.service",
    "escrutinio-serve@8001.service",
    "escrutinio-export.service",
    "escrutinio-files.service",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The files of a machine as docs/operate/install.md leaves it. Its users are all whoever runs the test."""
    root, shipped = tmp_path / "root", shipped_files()
    for folder in ("etc/nginx", "etc/systemd/system/escrutinio.target.wants"):
        (root / folder).mkdir(parents=True)
    (root / "etc/systemd/system/multi-user.target.wants").mkdir()
    names = ("root", "escrutinio")
    (root / "etc/passwd").write_text("".join(f"{one}:x:{os.geteuid()}:{os.getegid()}::/:/bin/sh\n" for one in names))
    (root / "etc/group").write_text("".join(f"{one}:x:{os.getegid()}:\n" for one in names))
    for folder in Machine(root, shipped).folders:
        folder.path.mkdir(parents=True, exist_ok=True)
        folder.path.chmod(folder.mode)
    for unit in (shipped / "systemd").glob("*.service*"):
        copy = shutil.copytree if unit.is_dir() else shutil.copy
        copy(unit, root / "etc/systemd/system" / unit.name)
    shutil.copy(shipped / "systemd/escrutinio.target", root / "etc/systemd/system")
    wants = root / "etc/systemd/system"
    for unit_name in _UNITS:
        (wants / "escrutinio.target.wants" / unit_name).symlink_to(wants / unit_name)
    (wants / "multi-user.target.wants/escrutinio.target").symlink_to(wants / "escrutinio.target")
    shutil.copy(shipped / "nginx.conf", root / "etc/nginx")
    shutil.copy(shipped / "replicas-by-address.conf", root / "etc/nginx/replicas.conf")
    key = root / "etc/escrutinio/credentials/serve/address_key"
    key.write_text("long and drawn")
    key.chmod(0o600)
    settings = (shipped / "systemd/escrutinio.env").read_text()
    database = sqlite_in(tmp_path)
    Store.open(database).close()
    settings = settings.replace("postgresql:///escrutinio?host=/run/postgresql", database)
    (root / "etc/escrutinio/escrutinio.env").write_text(settings)
    return root


def findings(root: Path) -> dict[str, Finding]:
    machine = Machine(root, shipped_files())
    return {one.name: one for one in (*check_files(machine), *check_surroundings(machine))}


def test_where_all_is_installed_nothing_is_to_be_mended(root: Path) -> None:
    found = findings(root)
    assert [one for one in found.values() if not one.is_well or one.mend] == []
    assert len(found) == 14
    assert "127.0.0.1:8001, 127.0.0.1:8002" in found["replicas"].detail


def edit(name: str, old: str, new: str) -> Callable[[Path], object]:
    def change(root: Path) -> None:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new))

    return change


_ENV, _SECRETS = "etc/escrutinio/escrutinio.env", "etc/escrutinio/credentials"
_SYSTEM = "etc/systemd/system"


@pytest.mark.parametrize(
    ("spoil", "name", "detail", "mend"),
    [
        (lambda root: (root / "etc/passwd").write_text(""), "user", "no user escrutinio", "systemd-sysusers"),
        (lambda root: (root / "srv/site").rmdir(), "folders", "srv/site is missing", "systemd-tmpfiles --create"),
        (lambda root: (root / _SECRETS).chmod(0o755), "folders", "not root:root 0700", "systemd-tmpfiles --create"),
        (
            lambda root: (root / _SYSTEM / "escrutinio-poll.service").unlink(),
            "units", "poll.service is missing", "systemctl daemon-reload",
        ),
        (
            edit(f"{_SYSTEM}/escrutinio-.service.d/hardening.conf", "ProtectHome=true", ""),
            "units", "hardening.conf is not as this version ships it", "systemctl daemon-reload",
        ),
        (
            lambda root: (root / _SYSTEM / "escrutinio.target.wants" / _UNITS[1]).unlink(),
            "enabled", "machine starts: escrutinio-serve", "systemctl enable",
        ),
        (lambda root: (root / _ENV).unlink(), "settings", "there is no", "install -D -m 644"),
        (
            edit(_ENV, "# Whom", "ESCRUTINIO_SEAL_KEY=x\n#"),
            "settings", "SEAL_KEY", "install -m 600 /dev/stdin",
        ),
        (
            edit(_ENV, "# Whom", "ESCRUTINIO_DATABASE_URL=postgresql://me:word@host/x\n#"),
            "settings", "DATABASE_URL", "credentials/serve/database_url",
        ),
        (
            lambda root: (root / _SECRETS / "serve/address_key").chmod(0o640),
            "credentials", "others may read", "chmod 600",
        ),
        (
            lambda root: (root / _SECRETS / "serve/address_key").unlink(),
            "credentials", "no serve/address_key", "/dev/urandom",
        ),
        (
            lambda root: (root / _SECRETS / "poll/seal_key").symlink_to(root / _SECRETS / "serve/address_key"),
            "credentials", "systemd hands no links on", "cp --remove-destination",
        ),
        (lambda root: (root / "etc/nginx/nginx.conf").unlink(), "proxy", "there is no", "install -D"),
        (edit("etc/nginx/nginx.conf", "include replicas.conf;", ""), "proxy", "is not ours", "install -D"),
        (lambda root: (root / "etc/nginx/replicas.conf").unlink(), "replicas", "there is no", "replicas-by-address"),
        (edit(_ENV, "ESCRUTINIO_TRUSTED_PROXIES", "NOT"), "trusted proxies", "no proxy is trusted", "127.0.0.1"),
        (edit(_ENV, "https://count.example\n", "http://count.example\n"), "address", "http://count.", "https://"),
        (edit(_ENV, "sqlite:///", "sqlite:////nowhere"), "database", "there is no database", "editor"),
        (edit(_ENV, "sqlite:///", "mysql:///"), "database", "only sqlite:///FILE and postgresql", "editor"),
        (edit(_ENV, "ESCRUTINIO_CONTACT=", "ESCRUTINIO_PORT="), "values", "setting port", "editor"),
    ],
)  # fmt: skip
def test_what_is_missing_is_said_with_the_command_that_mends_it(
    root: Path, spoil: Callable[[Path], object], name: str, detail: str, mend: str
) -> None:
    spoil(root)
    found = findings(root)[name]
    assert not found.is_well
    assert detail in found.detail
    assert mend in str(found.mend)


def test_a_line_that_the_doctor_says_to_add_is_one_that_the_services_read(root: Path) -> None:
    edit(_ENV, "ESCRUTINIO_TRUSTED_PROXIES", "NOT")(root)
    subprocess.run(["sh", "-c", str(findings(root)["trusted proxies"].mend)], check=True)
    assert findings(root)["trusted proxies"].is_well


def test_a_database_without_our_tables_and_a_clock_that_is_off_are_said(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.db").touch()
    monkeypatch.setenv("ESCRUTINIO_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    assert findings(root)["database"].mend == "systemctl start escrutinio-upgrade"
    for off, told in ((60.0, "60.0 s ahead of"), (-60.0, "60.0 s behind"), (0.1, None)):
        monkeypatch.setattr(surroundings, "clock_offset", lambda _, off=off: off)
        found = findings(root)["clock"]
        assert (found.is_well, str(told) in found.detail) == (told is None, told is not None)


@pytest.mark.postgres
def test_a_database_that_refuses_us_is_said_and_the_password_is_not(
    root: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = postgres_url.replace("escrutinio@", "escrutinio:word@").rpartition("/")[0]
    monkeypatch.setenv("ESCRUTINIO_DATABASE_URL", f"{there}/there_is_none")
    found = findings(root)["database"]
    assert "createdb --owner=escrutinio escrutinio" in str(found.mend)
    assert ":word" not in found.detail


def test_a_kernel_that_gives_a_replica_too_few_open_files_is_said(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "nr_open").write_text("1024\n")
    monkeypatch.setattr(surroundings, "_MOST_FILES", tmp_path / "nr_open")
    found = findings(root)["open files"]
    assert ("1024 files" in found.detail, str(found.mend).partition(" ")[0]) == (True, "sysctl")


def test_a_disk_that_is_nearly_full_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = list(os.statvfs(root))
    figures[4] = 10  # blocks that are free
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result(figures))
    assert "an election may take" in findings(root)["disk"].detail


def test_it_prints_lines_or_json_and_ends_with_1_where_something_is_missing(root: Path) -> None:
    def ask(*options: object) -> tuple[int, str]:
        done = CliRunner().invoke(program("doctor"), ["doctor", "--deploy", "--root", str(root), *map(str, options)])
        return done.exit_code, done.stdout

    status, told = ask()
    assert (status, told.count("ok    ")) == (0, 14)
    (root / "etc/nginx/replicas.conf").unlink()
    status, told = ask("--json")
    (missing,) = [one for one in json.loads(told) if not one["is_well"]]
    assert (status, missing["name"], missing["mend"].endswith("/etc/nginx/replicas.conf")) == (1, "replicas", True)
    status, told = ask()
    assert (status, told.count("FIX   "), told.count("ok    ")) == (1, 1, 13)
