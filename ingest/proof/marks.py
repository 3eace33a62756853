"""What the sealed marks say was published, held against the history that the database has."""

from collections.abc import Collection, Sequence

from ingest.log import Mark
from ingest.proof.evidence import ArchiveContents
from ingest.proof.history import CountHistory
from tally.storage.former_epochs import FormerEpoch

# The rank of the present epoch: it came after all that were ended.
_PRESENT = "9999"


def check_marks(
    evidence: ArchiveContents,
    histories: Sequence[CountHistory],
    former: Sequence[FormerEpoch] = (),
    others: Collection[str] = (),
) -> list[str]:
    """What the marks say that the database does not, one sentence each. `others`: epochs nobody asks about.

    Under an epoch that a restore ended, what is still the history must be that which was sealed; what was published
    beyond it is gone from the database. No line of it may follow on one of an epoch that came after it.
    """
    faults: list[str] = []
    by_epoch = {one.epoch: one for one in former}
    chains_of = {history.info.epoch: history.chains for history in histories}
    of_count = {(history.info.election_id, history.info.contest_id): history.chains for history in histories}
    newest: dict[str, int] = {}
    latest: dict[tuple[str, str], str] = {}
    for index, mark in evidence.marks:
        if mark.epoch in others:
            continue
        count, ended = (mark.election, mark.contest), by_epoch.get(mark.epoch)
        chains = chains_of.get(mark.epoch) if ended is None else of_count.get(count)
        name = f"log line {index + 1} seals version {mark.seq} of {mark.election}"
        if chains is None:
            faults.append(f"{name}, history {mark.epoch}, which the database does not have")
        elif ended is None or mark.seq <= ended.kept:
            faults += _compare(name, mark, chains)
        rank = ended.ended_at if ended is not None else _PRESENT
        if ended is not None and rank < latest.get(count, ""):
            faults.append(f"{name} under the former epoch {mark.epoch}, after another one had followed on it")
        latest[count] = max(rank, latest.get(count, ""))
        if mark.seq < newest.get(mark.epoch, 0):
            faults.append(f"{name} after version {newest[mark.epoch]}")
        newest[mark.epoch] = mark.seq
    return faults


def _compare(name: str, mark: Mark, chains: dict[int, str]) -> list[str]:
    if mark.seq not in chains:
        return [f"{name}, which the database does not have"]
    return [] if chains[mark.seq] == mark.chain else [f"{name}, but the database has another history up to there"]


def tell_restores(evidence: ArchiveContents, former: Sequence[FormerEpoch]) -> list[str]:
    """What a reader should know of epochs that were ended after something had been sealed under them."""
    told = []
    for one in former:
        last = max((mark.seq for _, mark in evidence.marks if mark.epoch == one.epoch), default=-1)
        if last < 0:
            continue
        lost = f"; versions up to {last} were sealed under it and are taken back" if last > one.kept else ""
        name = f"{one.election_id} ({one.contest_id}): the former epoch {one.epoch}"
        told.append(f"{name} was ended by a restore, on {one.ended_at} at version {one.kept}{lost}")
    return told
