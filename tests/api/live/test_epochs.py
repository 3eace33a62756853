"""What a new epoch does to readers: they start anew, whoever they are and wherever they stood."""

from pathlib import Path

from api.main import create_app
from tally.changes import Change, Kind
from tally.storage.epochs import begin_epoch
from tally.storage.store import Store
from tally.storage.writer import Writer
from tests.api.commands.test_cli import RUNOFF, one_sentence
from tests.api.conftest import ELECTIONS, QUICK, served
from tests.api.country import Country, minute
from tests.api.live.follower import follow
from tests.programs.program import escrutinio


def test_whoever_follows_and_whoever_comes_back_is_given_the_state_anew(any_store: Store) -> None:
    country = Country(any_store)
    country.count(country.mesas[:3], minute(1))
    country.writer.release()
    with served(create_app(any_store, ELECTIONS, options=QUICK)) as address, follow(address) as open_one:
        open_one.subscribe("nation")
        old = open_one.next("hello")["epoch"]
        open_one.next("snap")
        new = begin_epoch(any_store, country.writer.info)
        assert open_one.next("hello")["epoch"] == new
        assert open_one.next("snap")["why"] == "epoch"
        with follow(address) as resumed:
            resumed.subscribe("nation", epoch=old, since=2)
            assert resumed.next("hello")["epoch"] == new
            assert resumed.next("snap")["why"] == "epoch"


def test_the_command_names_both_epochs_and_refuses_while_a_poller_writes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'count.db'}"
    store = Store.open(url)
    writer = Writer.acquire(store, RUNOFF, "president", is_test=True, at=minute(0))
    writer.append([Change("nation", Kind.UPDATE, b"{}")], minute(1))
    one_sentence(escrutinio("new-epoch", "--database", url, folder=tmp_path), "stop the poller first")
    writer.release()
    done = escrutinio("new-epoch", "--database", url, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    epoch = store.info(RUNOFF).epoch
    assert done.stdout == f"{RUNOFF} goes on at version 1 as {epoch}; it was {writer.info.epoch}.\n"
    assert epoch != writer.info.epoch
    store.close()
    missing = escrutinio("new-epoch", "--database", "sqlite:///other.db", folder=tmp_path)
    one_sentence(missing, "there is no database other.db")
    assert not (tmp_path / "other.db").exists()
    Store.open(f"sqlite:///{tmp_path / 'empty.db'}").close()
    one_sentence(escrutinio("new-epoch", "--database", "sqlite:///empty.db", folder=tmp_path), f"no count of {RUNOFF}")
