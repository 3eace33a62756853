"""Whether an archive and its database are what they claim: bytes, tree, signatures, and the count itself.

Steps: every log line and object; the root of every head, ours and those that outsiders kept; the signatures; the
history that the sealed marks name; then the whole count made again from the raw bytes.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from ingest.feeds import Feed
from ingest.proof.evidence import ArchiveContents, Progress, gather
from ingest.proof.headbook import HeadBook, open_headbook
from ingest.proof.heads import OutsideHead
from ingest.proof.history import CountHistory, read_history
from ingest.proof.keyring import key_changes, public_keys
from ingest.proof.marks import check_marks, tell_restores
from ingest.proof.notes import VerifierKey
from ingest.proof.replay import Replay
from tally.election import Contest
from tally.program import this_program
from tally.rules.checks import Largest
from tally.storage.database import transaction
from tally.storage.former_epochs import former_epochs
from tally.storage.store import CountInfo, Store, StoredHead

# Feed and contest of a count. Raises: InvalidInput: no such election is known here.
FindFeed = Callable[[CountInfo], tuple[Feed, Contest, Largest]]


class Trust(Struct, frozen=True):
    """What does not come from the archive's owner: public keys (none: the archive's own), and heads with their file."""

    keys: Sequence[VerifierKey] = ()
    outside: Sequence[tuple[str, OutsideHead]] = ()


class ArchiveVerdict(Struct, frozen=True):
    """What was checked, what a reader should know, and what is wrong: nothing if `faults` is empty. Sentences."""

    checked: list[str]
    notices: list[str]
    faults: list[str]


def verify(
    store: Store,
    archive: Path,
    find_feed: FindFeed,
    trust: Trust,
    progress: Progress = lambda step, done, whole: None,
    election_id: str | None = None,
) -> ArchiveVerdict:
    """Check everything, of one election or of all. A poller may be at work meanwhile: what it adds is left out.

    Raises: ArchiveError: there is no archive. InvalidInput: its file of keys holds no keys, or an election is unknown.
    StoreUnavailable.
    """
    with transaction(store.engine) as connection:
        ended = former_epochs(connection)
    try:
        every = store.counts()
        counts = [info for info in every if election_id in (None, info.election_id)]
        published = [_published(store, info) for info in counts if not info.is_sealed_elsewhere]
    except ValueError as error:
        return ArchiveVerdict([], [], [f"the database's heads cannot be read: {error}"])
    book = open_headbook(archive, published, trust.outside)
    keys = list(trust.keys) or public_keys(archive)
    evidence = gather(archive, book.sizes, progress)
    replays = [Replay(*find_feed(info), evidence=evidence) for info in counts]
    former = [one for one in ended if any(one.is_of(info) for info in counts)]
    histories = [
        read_history(store, info, replay, evidence, progress, [one for one in former if one.is_of(info)])
        for info, replay in zip(counts, replays, strict=True)
    ]
    others = {info.epoch for info in every if info not in counts} | {one.epoch for one in ended if one not in former}
    faults = [*evidence.faults, *book.check(evidence, keys), *check_marks(evidence, histories, former, others)]
    for history in histories:
        faults += [f"{_name(history, histories)} {fault}" for fault in history.faults]
    notices = [*evidence.notices, *tell_restores(evidence, former), *_notices(trust, keys, evidence, histories)]
    # A damaged pack is met twice: for its heads, and for its bodies.
    return ArchiveVerdict(_checked(evidence, book, histories), notices, list(dict.fromkeys(faults)))


def _published(store: Store, info: CountInfo) -> list[StoredHead]:
    heads: list[StoredHead] = []
    while more := store.heads(info.id, heads[-1].size if heads else 0):
        heads += more
    return heads


def _checked(evidence: ArchiveContents, book: HeadBook, histories: Sequence[CountHistory]) -> list[str]:
    hosts = ", ".join(f"{host} ({count:,})" for host, count in sorted(evidence.hosts.items()))
    sentences = [
        f"{evidence.lines:,} log lines from {evidence.begins} to {evidence.ends}; asked: {hosts or 'nobody'}; "
        f"archive format {evidence.format}",
        f"{evidence.objects:,} objects re-hashed, {evidence.volume:,} bytes"
        + (f"; {evidence.packed:,} of them in packs" if evidence.packed else ""),
        f"{len(book.kept):,} heads of our own, the newest of {max(book.kept, default=0):,} lines",
    ]
    if book.outside:
        newest = max(head.size for _, head in book.outside)
        sentences.append(f"{len(book.outside):,} heads kept by others, the newest of {newest:,} lines")
    for history in histories:
        formats = " and ".join(map(str, sorted(history.formats))) or "none yet"
        sentences.append(
            f"{_name(history, histories)}: {history.info.seq:,} versions from {history.begins} to {history.ends}, "
            f"{history.values:,} published values made again from the raw bytes; log format {formats}"
        )
    return sentences


def _notices(
    trust: Trust, keys: Sequence[VerifierKey], evidence: ArchiveContents, histories: Sequence[CountHistory]
) -> list[str]:
    notices = []
    if not trust.keys:
        notices += [
            f"signatures were checked with the key that the archive itself names; compare it: {key}" for key in keys
        ]
    notices += [
        f"from {change.at} on heads may be signed with another key, {change.key}: {change.reason}"
        for change in key_changes(evidence.folder)
    ]
    if not trust.outside:
        notices.append("no outside head was given (--head): whoever owns the archive could have made all of it anew")
    others = {mark.version for _, mark in evidence.marks} - {this_program().version}
    if others:
        notices.append(f"parts were made by version {', '.join(sorted(others))}; a difference may be the program's own")
    for history in histories:
        sealed = max((mark.seq for _, mark in evidence.marks if mark.epoch == history.info.epoch), default=0)
        if sealed < history.info.seq:
            notices.append(f"{_name(history, histories)}: versions after {sealed} are not sealed yet")
    return notices


def _name(history: CountHistory, histories: Sequence[CountHistory]) -> str:
    """The election, and the contest where it has several."""
    info = history.info
    is_one_of_several = sum(other.info.election_id == info.election_id for other in histories) > 1
    return f"{info.election_id} ({info.contest_id})" if is_one_of_several else info.election_id
