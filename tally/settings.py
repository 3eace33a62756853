"""Settings: one class, from flags, the environment (ESCRUTINIO_…), or files.

A file is named by ESCRUTINIO_…_FILE, or is one of systemd's credentials: escrutinio_… in $CREDENTIALS_DIRECTORY.
"""

import os
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, Literal

from pydantic import AwareDatetime, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from tally.errors import InvalidInput

_PREFIX = "ESCRUTINIO_"

Network = IPv4Network | IPv6Network


class Settings(BaseSettings):
    """What an operator may set. Paths are relative to the working folder."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore")

    database_url: str = "sqlite:///var/escrutinio.db"
    election: str = "2026-06-07-president-runoff"
    contest: str | None = None  # one of the election's contests; None: its first
    elections: Path | None = None  # a folder of election files beside the package's own
    list_colors: Path | None = None  # TOML of colours that stand over those of the elections' files
    feed: str | None = None  # the source's base URL; None: the first host of the election's file
    archive: Path | None = None  # None: beside a SQLite file, else var/archive
    # The election before: a closed count's folder, a SQLite file or a database's URL; None: this database alone.
    previous: str | None = None
    seal_key: str | None = None  # signs the archive's heads (PRIVATE+KEY+…); None: a file beside the archive
    pack_archive: bool = True  # the poller packs each sealed day; False: only `escrutinio archive pack` does
    # Output of `escrutinio geo fetch` or `geo build`; while it is not there: the repository's own figures.
    geometry: Path = Path("var/geometry")
    places: Path = Path("var/places")  # output of `escrutinio geo places`; while it is not there, no place is exact
    populated_places: Path | None = None  # a table of populated places that sharpens polling-place positions
    guides: Path | None = None  # a folder of the mission's documents; None: those that ship with this version
    forms: Path | None = None  # a folder of the mission's own forms, beside those that are shipped
    photos: Path | None = None  # pictures of incidents; None: beside a SQLite file, else var/photos
    files: Path | None = None  # sets of files of the count; None: beside a SQLite file, else var/files
    make_files: bool = True  # `escrutinio run` makes them, in a process of its own
    # How long after its verification the public hears of an incident, and at which steps; None: as mission/ has it.
    incident_delay_minutes: int | None = Field(None, ge=0)
    incident_step_minutes: int | None = Field(None, ge=1)
    cache: Path = Path("var/cache")
    host: str = "127.0.0.1"
    port: int = 8000
    contact: str = "https://github.com/escrutinio/escrutinio"  # goes into the User-Agent, so the source can reach us
    relay_token: str | None = None  # opens POST /api/v1/relay to whoever holds it; None: there is no such route
    allowed_origins: tuple[str, ...] = ()
    backup_recipients: tuple[str, ...] = ()  # public keys of age, to which backups are encrypted; none: they are not
    public_url: str | None = None  # how this server is known outside: cards and links need whole addresses
    embed_ancestors: tuple[str, ...] = ("*",)  # whose pages may show /embed/v1/*: "*", or origins
    sockets_per_address: int = 20
    trusted_proxies: tuple[Network, ...] = ()  # whose X-Forwarded-For is believed; nobody's by itself
    metrics: bool = True  # /metrics, for Prometheus
    # /metrics and /healthz of the poller, on an address of their own; without a port there are none. 0: any free one.
    poller_host: str = "127.0.0.1"
    poller_port: int | None = Field(None, ge=0, le=65535)
    address_key: str | None = None  # hashes visitors' addresses, the same in all replicas; None: drawn at the start
    mission_ends: AwareDatetime | None = None  # devices' tokens last until then; None: 30 days each
    alert_webhook: str | None = None  # alerts are POSTed there; None: nowhere
    alert_webhook_secret: str | None = None  # signs them
    subscriptions: Path | None = None  # TOML of subscribers who are sent what the count says; None: nobody
    alert_mail: str | None = None  # smtp://USER@HOST (STARTTLS) or smtps://USER@HOST; None: no mail
    alert_mail_password: str | None = None
    alert_mail_from: str | None = None
    alert_mail_to: tuple[str, ...] = ()
    alert_digest: Literal["hour", "day"] | None = None  # how often alerts have the bulletin's paragraph; None: never
    text_gateway: str | None = None  # text messages are POSTed there; None: none are sent
    text_gateway_secret: str | None = None  # signs them, and those that come in; None: none are taken
    websub_hub: str | None = None  # is told when a feed has a new entry; it needs our address, public_url


def load_settings(**flags: object) -> Settings:
    """Settings with the flags that were given (not None) laid over the environment.

    Raises: InvalidInput: a value cannot be used; the message names the setting.
    """
    return _load(None, flags)


def load_settings_of(file: Path, **flags: object) -> Settings:
    """The same, and all of it laid over a file that sets variables, as a service is given one.

    Raises: InvalidInput.
    """
    return _load(file, flags)


def _load(file: Path | None, flags: dict[str, object]) -> Settings:
    given = {name: value for name, value in flags.items() if value is not None}
    # Credentials are what is least near: a flag or a variable was set by somebody who saw them.
    places: dict[str, Any] = {"_env_file": file, "_secrets_dir": os.environ.get("CREDENTIALS_DIRECTORY")}
    try:
        return Settings(**{**places, **_from_files(), **given})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"setting {name}: {first['msg']}") from error
    except SettingsError as error:  # a list that is none, or a file that cannot be read; it names the setting and where
        raise InvalidInput(f"{error} ({error.__cause__})") from error


def _from_files() -> dict[str, str]:
    found = {}
    for name in Settings.model_fields:
        path = os.environ.get(f"{_PREFIX}{name.upper()}_FILE")
        if path is not None:
            try:
                found[name] = Path(path).read_text().strip()
            except OSError as error:
                raise InvalidInput(f"setting {name}: file {path} cannot be read ({error.strerror})") from error
    return found


def archive_folder(settings: Settings) -> Path:
    """Where the raw archive lies: as set, or beside a SQLite database (count.db → count.archive), or var/archive."""
    return settings.archive or _beside(settings.database_url, "archive")


def photos_folder(settings: Settings) -> Path:
    """Where pictures of incidents lie: as set, or beside a SQLite database (count.db → count.photos), or var/photos."""
    return settings.photos or _beside(settings.database_url, "photos")


def files_folder(settings: Settings) -> Path:
    """Where sets of files lie: as set, or beside a SQLite database (count.db → count.files), or var/files."""
    return settings.files or _beside(settings.database_url, "files")


def disks(settings: Settings) -> dict[str, Path]:
    """The folders whose disks may fill, by what is in them: a SQLite database, the archive, the photos, files."""
    own = {
        "archive": archive_folder(settings),
        "photos": photos_folder(settings),
        "files": files_folder(settings),
    }
    scheme, _, path = settings.database_url.partition(":///")
    return {"database": Path(path).parent, **own} if scheme == "sqlite" and path else own


def _beside(database_url: str, name: str) -> Path:
    scheme, _, path = database_url.partition(":///")
    return Path(path).with_suffix(f".{name}") if scheme == "sqlite" and path else Path("var") / name
