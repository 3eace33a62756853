"""The files of a small count that is over, made once; and a server that gives them."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from api.main import create_app
from api.tables.sets.index import PublishedSet
from tally.storage.store import Store
from tests.api.conftest import ELECTIONS, QUICK, client_of
from tests.api.files.counted import count_all, make_all, maker_of
from tests.databases import sqlite_in


@pytest.fixture(scope="package")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The store of a count that is over."""
    store = Store.open(sqlite_in(tmp_path_factory.mktemp("counted")))
    count_all(store)
    yield store
    store.close()


@pytest.fixture(scope="package")
def root(counted: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its files."""
    folder = tmp_path_factory.mktemp("files")
    maker = maker_of(counted, folder)
    with maker.folder.alone():
        make_all(maker)
    return folder


@pytest.fixture(scope="package")
def published(counted: Store, root: Path) -> list[PublishedSet]:
    """Its sets, the newest first."""
    maker = maker_of(counted, root)
    with maker.folder.alone():
        maker.look(1.0)  # which tells it the present epoch, and finds nothing due
        return maker.folder.sets(("2030-01-06-mayor", "mayor"))


@pytest.fixture(scope="package")
def client(counted: Store, root: Path) -> Iterator[httpx.Client]:
    """A client of a server of that count and its files."""
    app = create_app(counted, ELECTIONS, options=msgspec.structs.replace(QUICK, files=root))
    with client_of(app) as client:
        yield client
