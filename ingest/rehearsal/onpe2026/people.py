"""Candidates as ONPE's register has them: a personal number, and a name in three parts."""

from tally.election import ListEntry


def identity_number(entry: ListEntry) -> str:
    """An invented personal number of eight digits: each candidate's own, and above all that were ever given out."""
    return f"99{int(entry.code):06d}"


def person(entry: ListEntry) -> dict[str, str]:
    """The candidate of a list as actas/{id} names one."""
    *names, paternal, maternal = ["", "", *entry.candidate.split()]
    if entry.surname:
        before, paternal, maternal = entry.candidate.partition(entry.surname)
        names = before.split()
    return {
        "apellidoPaterno": paternal,
        "apellidoMaterno": maternal.strip(),
        "nombres": " ".join(names).strip(),
        "cdocumentoIdentidad": identity_number(entry),
    }
