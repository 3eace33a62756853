"""What a rehearsal gives its mission: the mesas before the night, and the actas at the doors."""

import csv
from pathlib import Path

import pytest

from ingest.rehearsal.mission_papers import ACTAS, MESAS, write_papers
from ingest.rehearsal.server import FeedApp
from mission.quickcount.frames.reading import read_listing
from tally.errors import InvalidInput


def test_the_list_of_mesas_is_one_that_a_mission_can_give(rehearsal: FeedApp, tmp_path: Path) -> None:
    assert rehearsal.feed.mesas is not None
    table = rehearsal.feed.mesas.table
    write_papers(table, tmp_path / "papers")
    found = read_listing((tmp_path / "papers" / MESAS).read_bytes())
    assert found.faults == ()
    assert [int(one.mesa) for one in found.listing.mesas] == table.mesa.tolist()
    assert [int(one.ubigeo) for one in found.listing.mesas] == table.ubigeo.tolist()
    assert [one.place for one in found.listing.mesas] == [table.places[n].code for n in table.place.tolist()]


def test_the_actas_at_the_doors_are_those_that_the_source_will_publish(rehearsal: FeedApp, tmp_path: Path) -> None:
    """None of a mesa that never opened."""
    assert rehearsal.feed.mesas is not None
    table = rehearsal.feed.mesas.table
    write_papers(table, tmp_path)
    with (tmp_path / ACTAS).open(newline="") as lines:
        rows = {int(row["mesa"]): row for row in csv.DictReader(lines)}
    assert list(rows) == table.mesa[table.installed & table.known].tolist()
    for mesa in list(rows)[:50]:
        row = table.row(mesa)
        assert [int(rows[mesa][f"votes{n}"]) for n in range(1, table.votes.shape[1] + 1)] == table.votes[row].tolist()
        assert int(rows[mesa]["cast"]) == sum(
            int(rows[mesa][name])
            for name in rows[mesa]
            if name.startswith("votes") or name in ("blank", "null", "challenged")
        )


def test_a_folder_that_cannot_be_written_is_said_so(rehearsal: FeedApp, tmp_path: Path) -> None:
    assert rehearsal.feed.mesas is not None
    (tmp_path / "taken").write_text("")
    with pytest.raises(InvalidInput, match="cannot be written"):
        write_papers(rehearsal.feed.mesas.table, tmp_path / "taken")
