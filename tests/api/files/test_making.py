"""How sets come and go: killed in the middle, another epoch, a full disk, two makers, and what is let go of."""

import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from api.commands.files import files as command
from api.commands.files import maker as making
from api.commands.files.maker import FilesMaker, Round
from api.commands.files.pace import ManyContests, Pace
from api.tables.sets.index import SetIndex
from tally.errors import InvalidInput, StoreUnavailable
from tally.keys import NATION
from tally.storage.disk import DiskRoom
from tally.storage.epochs import begin_epoch
from tally.storage.store import Store
from tests.api.commands.test_choice import escrutinio
from tests.api.country import ELECTION, Country, minute
from tests.api.files.counted import LIMITS, count_all, make_all, maker_of
from tests.api.regions import ELECTIONS, GOVERNOR, Region
from tests.databases import sqlite_in

_PROJECT = Path(__file__).parents[3]
NAME = ("2030-01-06-mayor", "mayor")
# Dies by SIGKILL where it is told to, as of a lost machine.
_KILLED = """
import os, signal, sys
from pathlib import Path
from api.commands.files import folder
from tally.storage.store import Store
from tests.api.files.counted import make_all, maker_of

def die(*_): os.kill(os.getpid(), signal.SIGKILL)

url, root, where = sys.argv[1:]
maker = maker_of(Store.open(url), Path(root))
if where == "reading":
    maker._breathe = die
elif where == "moved":
    maker.folder._point = die
else:
    maker.folder.put = die
with maker.folder.alone():
    make_all(maker)
"""


def index_of(root: Path) -> SetIndex:
    return msgspec.json.decode((root / "index.json").read_bytes(), type=SetIndex)


def listed(root: Path) -> list[str]:
    return [
        one.version for election in index_of(root).elections for contest in election.contests for one in contest.sets
    ]


@pytest.mark.parametrize("where", ["reading", "written", "moved"])
def test_a_set_whose_maker_was_killed_is_in_no_index_and_is_made_by_the_next_one(
    counted: Store, tmp_path: Path, where: str
) -> None:
    url = str(counted.engine.url)
    command = [sys.executable, "-c", _KILLED, url, str(tmp_path), where]
    assert subprocess.run(command, cwd=_PROJECT, check=False).returncode == -signal.SIGKILL
    assert listed(tmp_path) == []
    index = index_of(tmp_path)
    assert index.making is not None
    assert index.making.checkpoint is not None
    maker = maker_of(counted, tmp_path)
    with maker.folder.alone():
        make_all(maker)
    assert len(listed(tmp_path)) == 3
    assert index_of(tmp_path).making is None
    assert list(tmp_path.rglob(".*")) == []
    assert (tmp_path.joinpath(*NAME) / "latest" / "manifest.json").is_file()


def test_newest_versions_come_at_a_bounded_pace_and_the_older_go(tmp_path: Path) -> None:
    store = Store.open(sqlite_in(tmp_path))
    country, root = Country(store), tmp_path / "files"
    maker = maker_of(store, root)
    with maker.folder.alone():
        for n, now in enumerate((0.0, 700.0, 1400.0, 2100.0)):
            country.count(country.mesas[n : n + 1], minute(n + 1))
            assert make_all(maker, now) == 1
            assert make_all(maker, now + 500.0) == 0
            assert maker.look(now + 650.0).made is None, "nothing is new"
            assert listed(root)[0].startswith(f"{country.writer.seq}-")
        assert len(listed(root)) == LIMITS.kept.newest
        country.count(country.mesas[4:20], minute(8))
        country.publish([NATION], minute(9))
        assert make_all(maker, 2200.0) == 1
        assert index_of(root).elections[0].contests[0].sets[0].checkpoint == "50"
        assert {path.name for path in root.joinpath(*NAME).iterdir()} == {*listed(root), "latest"}
    store.close()


def test_a_restored_history_keeps_its_files_and_leads_to_its_own(tmp_path: Path) -> None:
    store = Store.open(sqlite_in(tmp_path))
    country, root = count_all(store), tmp_path / "files"
    maker = maker_of(store, root)
    with maker.folder.alone():
        make_all(maker)
    before = listed(root)
    country.writer.release()
    epoch = begin_epoch(store, store.counts()[0])
    maker = maker_of(store, root)
    with maker.folder.alone():
        assert make_all(maker) == 1, "the checkpoints are the same, and the newest version has another name"
    found = listed(root)
    assert found == [f"{country.writer.seq}-{epoch}", *before]
    assert (root.joinpath(*NAME) / "latest").readlink() == Path(found[0])
    store.close()


def test_no_set_is_begun_on_a_disk_that_is_nearly_full(
    counted: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Path) -> DiskRoom:
        return DiskRoom(free_bytes=10_000, whole_bytes=10**12, free_inodes=None, whole_inodes=None)

    maker = maker_of(counted, tmp_path)
    with maker.folder.alone():
        monkeypatch.setattr(making, "room_of", full)
        assert maker.look(0.0).made is None
        monkeypatch.undo()
        assert maker.look(0.0).made is not None


def test_two_makers_do_not_share_a_folder(counted: Store, tmp_path: Path) -> None:
    first, second = (maker_of(counted, tmp_path).folder for _ in range(2))
    with first.alone(), pytest.raises(InvalidInput, match="another process makes"), second.alone():
        pass


def test_of_many_contests_only_those_that_are_over_have_files(counted: Store, tmp_path: Path) -> None:
    limits = msgspec.structs.replace(LIMITS, contests=ManyContests(0))
    maker = FilesMaker(counted, {ELECTION.id: ELECTION}, tmp_path, limits)
    with maker.folder.alone():
        assert make_all(maker) == 1
    assert index_of(tmp_path).elections[0].contests[0].sets[0].checkpoint == "100"


def test_totals_without_actas_pass_no_checkpoint_while_actas_may_still_come(tmp_path: Path) -> None:
    store = Store.open(sqlite_in(tmp_path))
    region = Region(store, "cusco")
    region.publish((3000, 2900), counted=80)
    region.publish((3000, 2901), counted=80, at=2)
    for name, seconds, checkpoints in (("patient", 1e9, [None]), ("tired", -1e9, [None, "100"])):
        maker = waiting_maker(store, tmp_path / name, seconds)
        with maker.folder.alone():
            make_all(maker)
            found = maker.folder.sets((GOVERNOR.id, "cusco"))
            assert [one.checkpoint for one in found] == checkpoints
    store.close()


def test_a_version_that_may_yet_be_a_checkpoint_has_no_files_before_that_is_known(tmp_path: Path) -> None:
    store, root = Store.open(sqlite_in(tmp_path)), tmp_path / "files"
    Region(store, "cusco").publish((3000, 2900), counted=80)
    for seconds, checkpoints in ((1e9, []), (-1e9, ["100"])):
        maker = waiting_maker(store, root, seconds)
        with maker.folder.alone():
            make_all(maker)
            assert [one.checkpoint for one in maker.folder.sets((GOVERNOR.id, "cusco"))] == checkpoints
    store.close()


def test_a_version_that_has_files_keeps_them_where_other_limits_make_it_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, root = Store.open(sqlite_in(tmp_path)), tmp_path / "files"
    country = Country(store)
    country.count(country.mesas[:20], minute(1))
    country.publish([NATION], minute(2))
    usual = making.load_thresholds()
    none = msgspec.structs.replace(usual, checkpoints=msgspec.structs.replace(usual.checkpoints, percent=()))
    monkeypatch.setattr(making, "load_thresholds", lambda: none)
    maker = maker_of(store, root)
    with maker.folder.alone():
        assert make_all(maker) == 1
    before = root.joinpath(*NAME, listed(root)[0], "manifest.json").read_bytes()
    monkeypatch.undo()
    maker = maker_of(store, root)
    with maker.folder.alone():
        assert make_all(maker) == 0
        assert root.joinpath(*NAME, listed(root)[0], "manifest.json").read_bytes() == before
        for n in range(LIMITS.kept.newest):
            country.count(country.mesas[20 + n : 21 + n], minute(3 + n))
            make_all(maker, 700.0 * (n + 1))
        # Its own files are gone, and it is made again for ever.
        assert [one.checkpoint for one in index_of(root).elections[0].contests[0].sets] == [None, None, "50"]
    store.close()


def waiting_maker(store: Store, root: Path, seconds: float) -> FilesMaker:
    """One that waits so long for actas."""
    return FilesMaker(store, ELECTIONS, root, msgspec.structs.replace(LIMITS, pace=_waiting(seconds)))


def _waiting(seconds: float) -> Pace:
    return msgspec.structs.replace(LIMITS.pace, without_actas_s=seconds)


def test_the_command_makes_the_files_beside_the_database(tmp_path: Path) -> None:
    store = Store.open(sqlite_in(tmp_path))
    region = Region(store, "cusco")
    region.publish((3000, 2900), counted=80)
    region.writer.release()
    store.close()
    done = escrutinio("files", "--database", "sqlite:///count.db", "--once", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "18 files" in done.stdout
    [version] = listed(tmp_path / "count.files")
    assert f"/cusco/{version}/" in done.stdout


def test_a_maker_ends_with_whoever_started_it_and_outlives_a_database_that_is_away(
    counted: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maker, parents, asked = maker_of(counted, tmp_path), iter([7, 7, 7, 7, 1]), list[float]()
    monkeypatch.setattr(command.os, "getppid", lambda: next(parents))
    monkeypatch.setattr(command.time, "sleep", asked.append)
    rounds = iter([StoreUnavailable("away"), OSError("full"), Round(None)])

    def look(_: float) -> Round:
        done = next(rounds)
        if isinstance(done, Exception):
            raise done
        return done

    monkeypatch.setattr(maker, "look", look)
    with pytest.raises(command.Orphaned):
        command.follow(maker, command.watch_parent(is_child=True))
    assert len(asked) == 3
    assert list(rounds) == []
