"""Checks of what an installation rests on: its database and the clock of it, limits, the address outside, a disk."""

from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Engine

from api.commands.deployment.finding import Finding
from api.commands.deployment.machine import Machine
from tally.errors import EscrutinioError
from tally.migrations.runner import NEWEST
from tally.settings import Settings, archive_folder
from tally.storage import schema
from tally.storage.clocks import clock_offset
from tally.storage.database import check_exists, connect
from tally.storage.disk import room_of
from tally.thresholds import THRESHOLDS

# As the unit of a replica asks for.
_FILES = 65_536
_MOST_FILES = Path("/proc/sys/fs/nr_open")
# What a first round takes before it is packed (docs/archive.md), and half as much again.
_BYTES, _INODES = 3_000_000_000, 250_000


def check_surroundings(machine: Machine) -> Iterator[Finding]:
    """A finding each; what cannot be looked at without the settings is left out where these cannot be read."""
    yield _open_files()
    try:
        settings = machine.settings()
    except (EscrutinioError, OSError) as error:
        yield Finding("values", False, f"the settings cannot be used: {error}", f"editor {machine.settings_file}")
        return
    yield from _database(machine, settings)
    for check in (_trusted, _address, _room):
        yield check(machine, settings)


def _database(machine: Machine, settings: Settings) -> Iterator[Finding]:
    try:
        check_exists(settings.database_url)
        engine = connect(settings.database_url)
    except EscrutinioError as error:
        yield Finding("database", False, str(error), f"editor {machine.settings_file}")
        return
    try:
        with machine.as_user():
            yield from (check(engine) for check in _of_database)
    except EscrutinioError as error:
        user = machine.user
        mend = f"runuser -u postgres -- createuser {user} && runuser -u postgres -- createdb --owner={user} {user}"
        yield Finding("database", False, str(error), mend)
    finally:
        engine.dispose()


def _schema(engine: Engine) -> Finding:
    standing, due = schema.steps_due(engine)
    if due or not standing.revision:
        has = f"it has schema {standing.revision}" if standing.revision else "it has no schema yet"
        return Finding("database", False, f"{has}, this program's is {NEWEST}", "systemctl start escrutinio-upgrade")
    return Finding("database", True, f"answers, with schema {standing.revision}")


def _clock(engine: Engine) -> Finding:
    off = clock_offset(engine)
    if off is None:
        return Finding("clock", True, "the database goes by this machine's")
    said = f"{abs(off):.1f} s {'ahead of' if off > 0 else 'behind'} the database's"
    is_well = abs(off) <= THRESHOLDS.clock.most_s
    return Finding("clock", is_well, said, None if is_well else "timedatectl set-ntp true    # on both machines")


_of_database: tuple[Callable[[Engine], Finding], ...] = (_schema, _clock)


def _open_files() -> Finding:
    most = int(_MOST_FILES.read_text())
    if most < _FILES:
        what = f"a process may open {most} files here, a replica asks for {_FILES}"
        return Finding("open files", False, what, "sysctl -w fs.nr_open=1048576")
    return Finding("open files", True, f"a replica may open {_FILES}")


def _trusted(machine: Machine, settings: Settings) -> Finding:
    if not settings.trusted_proxies:
        what = "no proxy is trusted, so that one visitor's limit is everybody's"
        line = r"""ESCRUTINIO_TRUSTED_PROXIES='[\"127.0.0.1\"]'"""
        return Finding("trusted proxies", False, what, f'echo "{line}" >> {machine.settings_file}')
    return Finding("trusted proxies", True, ", ".join(map(str, settings.trusted_proxies)))


def _address(machine: Machine, settings: Settings) -> Finding:
    url = settings.public_url
    if not (url or "").startswith("https://"):
        what = (
            f"our address outside is {url or 'not set'}; with https:// cookies are Secure and browsers come back by TLS"
        )
        return Finding("address", False, what, f"echo ESCRUTINIO_PUBLIC_URL=https://… >> {machine.settings_file}")
    return Finding("address", True, str(url))


def _room(machine: Machine, settings: Settings) -> Finding:
    folder = machine.at(str(archive_folder(settings).absolute()))
    room = room_of(folder)
    inodes = "" if room.free_inodes is None else f" and {room.free_inodes:,} files"
    free = f"room for {room.free_bytes / 1e9:.1f} GB{inodes} in {folder}"
    lacks_files = room.free_inodes is not None and room.free_inodes < _INODES
    if room.free_bytes < _BYTES or lacks_files:
        wanted = f"an election may take {_BYTES / 1e9:.0f} GB and {_INODES:,} files"
        return Finding("disk", False, f"{free}; {wanted}", f"df -h {folder}; df -i {folder}    # docs/operate/disk.md")
    return Finding("disk", True, free)
