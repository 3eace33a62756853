"""Elections out of folders of TOML files, one each."""

from pathlib import Path

from tally.election import Election
from tally.errors import InvalidInput
from tally.files.election_faults import read_election


def load_elections(*folders: Path) -> dict[str, Election]:
    """Every election of those folders, by id.

    Raises: InvalidInput: a file is not a valid election, or says the id of another; the message names file and place.
    """
    found: dict[str, tuple[Election, Path]] = {}
    for path in (path for folder in folders for path in _files(folder)):
        election = load_election(path)
        if election.id in found:
            raise InvalidInput(f"{path} and {found[election.id][1]} are both of election {election.id!r}")
        found[election.id] = election, path
    elections = {name: election for name, (election, _) in found.items()}
    for election, path in found.values():
        _check_predecessor(election, elections, path)
    return elections


def load_election(path: Path) -> Election:
    """The election of one file.

    Raises: InvalidInput: it cannot be read, or is not valid.
    """
    try:
        election, faults = read_election(path.read_bytes())
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read ({error.strerror})") from error
    if election is None or faults:
        more = f" (and {len(faults) - 1} more: escrutinio election check)" if len(faults) > 1 else ""
        raise InvalidInput(f"{path.name} is not a valid election file: {faults[0]}{more}")
    if election.id != path.stem:
        raise InvalidInput(f"{path.name} defines election {election.id!r}; file name and id must agree")
    return election


def _check_predecessor(election: Election, known: dict[str, Election], path: Path) -> None:
    """Return if the lists that it compares with are the predecessor's; of one that is not known nobody can tell."""
    declared = election.predecessor
    if declared is None or declared.election not in known:
        return
    then = {entry.id for contest in known[declared.election].contests for entry in contest.lists}
    for pair in declared.lists:
        if pair.then not in then:
            raise InvalidInput(f"{path.name}: predecessor · lists: {declared.election} has no list {pair.then!r}")


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InvalidInput(f"there is no folder of elections {folder}")
    return sorted(folder.glob("*.toml"))
