"""`escrutinio geo fetch`: the first source of the catalogue that gives Peru's districts, checked and built."""

import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from msgspec import Struct

from geo.boundaries import load_geometry
from geo.build import BuildReport, Expected, build
from geo.fetching.catalogue import Limits, Source
from geo.fetching.download import Download, Progress
from geo.fetching.unpacking import take
from geo.folder import former_names, is_absent
from geo.origin import Origin
from geo.source import Districts
from tally import moments
from tally.errors import BoundaryError

_CHUNK = 1 << 20


class Fetched(Struct, frozen=True):
    """What came of it: where the boundaries are from, and how they were built."""

    origin: Origin
    report: BuildReport


class Teller(Struct, frozen=True):
    """Who hears how it goes: of each step, of how much of a download is there, that steps are counted from now on, and
    of each source that failed."""

    step: Callable[[str], None]
    amount: Progress
    building: Callable[[], None]
    failure: Callable[[str], None]


class Fetch(Struct, frozen=True):
    """One attempt. `place`: the folder that a server reads; `store`: where downloads stay until they were used.

    `agrees`: whether the licence of a source is accepted, asked before anything of it is downloaded.
    """

    sources: tuple[Source, ...]
    limits: Limits
    place: Path
    store: Path
    agrees: Callable[[Source], bool]
    teller: Teller
    user_agent: str

    def run(self) -> Fetched:
        """Boundaries from the first source that can be used; the folder changes only then.

        Raises: BoundaryError: none can be used; what was downloaded of them stays for the next run.
        """
        former_names(self.place)
        refused = []
        headers = {"User-Agent": self.user_agent, "Accept-Encoding": "identity"}
        with httpx.Client(headers=headers, follow_redirects=False) as client:
            for source in self.sources:
                if not self.agrees(source):
                    refused.append(source)
                    continue
                for address in source.addresses:
                    try:
                        return self._from(source, address, client)
                    except BoundaryError as error:
                        self.teller.failure(f"{source.name}: {error}")
        if len(refused) == len(self.sources):
            raise BoundaryError(
                "no boundaries were fetched: no licence was accepted; "
                f"the same command with --accept-licence {self.sources[0].licence} does it"
            )
        tried = len(self.sources) - len(refused)
        raise BoundaryError(
            f"no boundaries were fetched: {tried} of {len(self.sources)} sources were tried, none could be used; "
            "the map is as it was, and the same command goes on where it stopped"
        )

    def _from(self, source: Source, address: str, client: httpx.Client) -> Fetched:
        file = self._download(source, address, client)
        try:
            digest = self._verified(source, file)
            self.teller.building()
            self.teller.step(f"{source.name}: looking into {file.stat().st_size / 1e6:,.1f} MB")
            with TemporaryDirectory(dir=self.store, prefix=".unpacked-") as folder:
                origin = _origin(source, address, digest, file.stat().st_size)
                expected = Expected(source.layer, lambda found: self._check_units(source, found), origin)
                taken = take(file, source, Path(folder), self.limits)
                report = build(taken, self.place, self.teller.step, expected)
        except OSError as error:
            raise BoundaryError(f"{error.filename or self.store}: {error.strerror}; the download is kept") from error
        except BoundaryError as error:
            if getattr(error.__cause__, "errno", None) is None:  # else it is our disk, and not what came
                file.unlink()
            raise
        file.unlink()
        return Fetched(origin, report)

    def _download(self, source: Source, address: str, client: httpx.Client) -> Path:
        """The whole file; one that an earlier run left whole is not asked for again."""
        try:
            self.store.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BoundaryError(f"{self.store} cannot be written: {error.strerror}") from error
        file = self.store / source.name
        if not file.exists():
            self.teller.step(f"{source.name}: downloading from {httpx.URL(address).host}")
            Download(source, self.limits, file, client, self.teller.amount).get(address)
        return file

    def _verified(self, source: Source, file: Path) -> str:
        """The file's SHA-256.

        Raises: BoundaryError: it is not the one that was published.
        """
        with file.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        if source.bytes is not None and file.stat().st_size != source.bytes:
            raise BoundaryError(f"{file.stat().st_size:,} bytes came, {source.bytes:,} were published: not used")
        if source.sha256 is not None and digest != source.sha256:
            raise BoundaryError(f"the bytes are not the published ones (SHA-256 {digest[:16]}…): not used")
        return digest

    def _check_units(self, source: Source, found: Districts) -> None:
        if source.units is not None and len(found.polygons) < math.floor(source.units * self.limits.least_units):
            raise BoundaryError(
                f"{len(found.polygons):,} districts can be told in it, {source.units:,} were expected: not used"
            )


def what_is_there(place: Path) -> str | None:
    """What boundaries a folder holds already, in words; None where there are none, or none that can be read."""
    if is_absent(place):
        return None
    try:
        geometry = load_geometry(place)
    except BoundaryError:
        return None
    districts = len(geometry.polygons("district"))
    whose = "built from a file of your own" if geometry.origin is None else f"from {geometry.origin.title}"
    return f"{districts:,} districts, {whose}"


def _origin(source: Source, address: str, digest: str, size: int) -> Origin:
    return Origin(
        source=source.name,
        title=source.title,
        credit=source.credit,
        licence=source.licence,
        licence_address=source.licence_address,
        address=address,
        sha256=digest,
        bytes=size,
        vintage=source.vintage,
        fetched_at=moments.write(moments.utc_now()),
    )
