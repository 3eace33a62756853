"""A report in the form of NIST SP 1500-100 version 2 (JSON): one contest with its areas, or all of an election."""

from collections.abc import Iterator

import msgspec
from msgspec import UNSET

from api.standards import naming, terms
from api.standards.nist_counts import ballots, contest, identifier, statuses, texts
from api.standards.nist_model import (
    NistBallotCounts,
    NistCandidate,
    NistElection,
    NistElectionReport,
    NistParty,
    NistReportingUnit,
    if_known,
)
from api.standards.reporting import Report
from tally.keys import NATION, Level, code_of, level_of


def write_nist(report: Report) -> NistElectionReport:
    """The report in the standard's classes."""
    return NistElectionReport(
        format="precinct-level" if report.has_mesas else "summary-contest",
        generated_date=report.generated_at,
        issuer=terms.ISSUER,
        issuer_abbreviation=terms.ISSUER,
        vendor_application_id=report.program,
        sequence_start=1,
        sequence_end=1,
        status=report.status,
        is_test=report.is_test,
        test_type=terms.REHEARSAL if report.is_test else UNSET,
        notes=report.notes,
        gp_unit=tuple(_units(report)),
        party=tuple(_parties(report)),
        election=(_election(report),),
    )


def nist_json(report: Report) -> bytes:
    """The same as a document."""
    return msgspec.json.encode(write_nist(report))


def _units(report: Report) -> Iterator[NistReportingUnit]:
    for unit in report.units:
        kind, other = terms.unit_type(unit.key)
        names = naming.unit_names(unit.key, unit.name)
        known = naming.unit_identifiers(unit.key)
        below = report.below.get(unit.key, ())
        yield NistReportingUnit(
            id=naming.unit_id(unit.key),
            type=kind,
            other_type=if_known(other),
            name=texts(names) if names else UNSET,
            number=code_of(unit.key) if level_of(unit.key) is Level.MESA else UNSET,
            composing_gp_unit_ids=if_known(tuple(naming.unit_id(key) for key in below)),
            external_identifier=if_known(tuple(identifier(*one) for one in known)),
            count_status=statuses(unit) if report.is_told_once(unit.key) else UNSET,
            sub_units_reported=if_known(unit.counted),
            total_sub_units=if_known(unit.total),
            voters_registered=if_known(unit.registered),
        )


def _parties(report: Report) -> Iterator[NistParty]:
    for entry in report.lists:
        yield NistParty(
            id=naming.party_id(entry),
            name=texts(naming.in_all(entry.name)),
            color=if_known(naming.color(entry)),
            external_identifier=(identifier(terms.LIST_ONPE, entry.code),),
        )


def _election(report: Report) -> NistElection:
    election = report.election
    known = terms.election_identifiers(election)
    candidates = (
        NistCandidate(
            id=naming.candidate_id(own, entry),
            ballot_name=texts(naming.candidate_name(entry)),
            party_id=naming.party_id(entry),
            pre_election_status=terms.WITHDRAWN if entry.is_withdrawn else UNSET,
        )
        for own, entry in report.candidacies
    )
    return NistElection(
        name=texts(election.name),
        type=terms.election_type([told.contest for told in report.contests]),
        start_date=election.date.isoformat(),
        end_date=election.date.isoformat(),
        election_scope_id=naming.unit_id(NATION),
        external_identifier=tuple(identifier(*one) for one in known),
        candidate=tuple(candidates),
        contest=tuple(contest(told, order) for order, told in enumerate(report.contests, 1)),
        ballot_counts=if_known(tuple(_ballots(report))),
    )


def _ballots(report: Report) -> Iterator[NistBallotCounts]:
    """Of an election, not of a contest: units that several contests tell of have none."""
    for unit in report.units:
        yield from ballots(unit)
