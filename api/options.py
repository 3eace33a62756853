"""What an operator may set about serving; every default is the protocol's."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from geo.urban import PlaceAreas
from mission.deliveries import Channel
from mission.guides.library import Guides, load_guides
from mission.messages.gateway import TextGateway
from mission.people.attempts import Origins
from mission.people.passwords import Passwords
from mission.publication import Terms


class TextOptions(Struct, frozen=True):
    """What text messages go out by, and what those that come in are signed with."""

    gateway: TextGateway
    secret: str


class MissionOptions(Struct, frozen=True):
    """What an operator may set about the mission.

    ends: until when devices' tokens last; None: 30 days from the day they were given.
    passwords: how passwords are hashed.
    origins: makes of addresses what is kept of them; replicas share its key.
    sender_key: by which senders of text messages are known; None: they are not, and there can be no `texts`.
    forms: folder of forms beside the shipped ones.
    photos: folder of the incidents' pictures; None: var/photos.
    terms: how late and in which steps the public hears of incidents.
    channels: where alerts are sent beside the sockets.
    areas: which polling places are in a town.
    guides: what observers may read; those that ship with this version if nothing is said.
    digest: how often alerts have the bulletin's paragraph, "hour" or "day"; None: never.
    texts: how text messages come and go; None: there are none.
    """

    ends: datetime | None = None
    passwords: Passwords = field(default_factory=Passwords)
    origins: Origins = field(default_factory=Origins)
    sender_key: bytes | None = None
    forms: Path | None = None
    photos: Path | None = None
    terms: Terms = Terms()
    channels: tuple[Channel, ...] = ()
    areas: PlaceAreas = PlaceAreas()
    guides: Guides = field(default_factory=load_guides)
    digest: Literal["hour", "day"] | None = None
    texts: TextOptions | None = None


class ServeOptions(Struct, frozen=True):
    """Serving options.

    origins: foreign pages that may open the socket ("https://news.example"); our own host always may.
    election_id: the election the pages show; None is the first count in the store.
    sockets_per_address, sockets: who may follow at once, of one address and in all.
    poll_s: how often the store is asked for news; listening_poll_s: the same while the database wakes us by itself.
    ring_s, ring_changes: what a broken connection can resume from, whichever of the two is more.
    has_metrics: whether /metrics is there.
    archive: the raw archive's folder, if it may be on this machine: numbers are proved from it.
    files: folder of the sets of files; None: there are none.
    previous: where the count of the election before is: a closed count's folder, a SQLite file or a database's URL.
    folders: whose disks may fill, by what is in them.
    relay_token: who holds it may hand over answers of the source; None: there is no such route.
    mission: about the people of the mission.
    public_url: how this server is known outside ("https://count.example"); None: an origin of ours among `origins`.
    embed_ancestors: whose pages may show embeds, as in a content policy ("*", "https://news.example").
    contact: whom to tell of a weakness, an address of e-mail or of a page; None: nobody.
    hub: address of a WebSub hub that is told of new entries of our feeds; None: nobody is.
    inline_bytes: a larger snapshot is fetched over HTTP, where it is compressed and shared.
    """

    origins: tuple[str, ...] = ()
    election_id: str | None = None
    sockets_per_address: int = 20
    sockets: int = 20_000
    archive: Path | None = None
    files: Path | None = None
    previous: str | None = None
    relay_token: str | None = None
    has_metrics: bool = True
    folders: Mapping[str, Path] = {}
    public_url: str | None = None
    embed_ancestors: tuple[str, ...] = ("*",)
    contact: str | None = None
    hub: str | None = None
    poll_s: float = 0.25
    listening_poll_s: float = 2.0
    heartbeat_s: float = 10.0
    hash_every: int = 6
    blocked_s: float = 5.0
    ring_s: float = 600.0
    ring_changes: int = 5000
    # Below the transport's high-water mark of 64 KiB: a first snapshot alone never makes a client "slow".
    inline_bytes: int = 48 * 1024

    @property
    def is_https(self) -> bool:
        """Whether browsers are to reach us over TLS only."""
        return (self.public_url or "").startswith("https://")

    def home(self, claimed: str) -> str:
        """Our address: as set; else the one a request claims, if it is one of our origins; else "": Host is a claim."""
        if self.public_url is not None:
            return self.public_url.rstrip("/")
        return claimed if claimed in self.origins else ""

    @property
    def has_one_home(self) -> bool:
        """Whether our address is the same whoever asks."""
        return self.public_url is not None or not self.origins

    mission: MissionOptions = field(default_factory=MissionOptions)
