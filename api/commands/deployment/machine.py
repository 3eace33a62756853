"""The machine that is looked at: its files and users below a root, its settings as the services are given them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from tally.settings import Settings, load_settings_of

_ETC = Path("etc/escrutinio")
# Where an administrator's units and configuration lie, before those of packages.
UNITS = (Path("etc/systemd/system"), Path("usr/lib/systemd/system"))


class Folder(Struct, frozen=True):
    """A folder as `tmpfiles.d` wants it."""

    path: Path
    mode: int
    user: str
    group: str


class Machine:
    """A machine whose files lie below `root`; `shipped` is what the program brought along (deploy)."""

    def __init__(self, root: Path, shipped: Path) -> None:
        self.root, self.shipped = root, shipped

    @property
    def user(self) -> str:
        """Whose the processes are."""
        return self._lines("escrutinio.sysusers.conf")[0][1]

    @property
    def folders(self) -> list[Folder]:
        """Those that must be there."""
        rows = (line[1:5] for line in self._lines("escrutinio.tmpfiles.conf"))
        return [Folder(self.at(path), int(mode, 8), user, group) for path, mode, user, group in rows]

    @property
    def credentials(self) -> Path:
        """The folder of secrets: in it one a kind of service, in which each secret is a file."""
        return self.root / _ETC / "credentials"

    @property
    def settings_file(self) -> Path:
        """What the services are told by."""
        return self.root / _ETC / "escrutinio.env"

    def at(self, path: str) -> Path:
        """Where an absolute path lies here."""
        return self.root / path.lstrip("/")

    def uid(self, name: str) -> int | None:
        """A user's number; None: there is none."""
        return self._number("etc/passwd", name)

    def gid(self, name: str) -> int | None:
        """A group's number; None: there is none."""
        return self._number("etc/group", name)

    def unit(self, name: str) -> Path | None:
        """Where a unit is installed; None: nowhere."""
        return next((path for folder in UNITS if (path := self.root / folder / name).is_file()), None)

    def settings(self) -> Settings:
        """The settings as a replica has them.

        Raises: InvalidInput.
        """
        secrets = self.credentials / "serve"
        given = {path.name: path.read_text().strip() for path in sorted(secrets.glob("*"))} if secrets.is_dir() else {}
        return load_settings_of(self.settings_file, **given)

    @contextmanager
    def as_user(self) -> Iterator[None]:
        """Be the services' user for a while, if we may: a database knows its own by who asks."""
        uid, own = self.uid(self.user), os.geteuid()
        if own != 0 or uid is None:
            yield
            return
        os.seteuid(uid)
        try:
            yield
        finally:
            os.seteuid(own)

    def _number(self, file: str, name: str) -> int | None:
        path = self.root / file
        lines = (line.split(":") for line in path.read_text().splitlines()) if path.is_file() else ()
        return next((int(line[2]) for line in lines if line[0] == name), None)

    def _lines(self, name: str) -> list[list[str]]:
        text = (self.shipped / "systemd" / name).read_text()
        return [line.split() for line in text.splitlines() if line and not line.startswith("#")]
