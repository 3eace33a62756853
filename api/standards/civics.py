"""A report in Google's Civics profile (XML) of NIST SP 1500-100: the units that have an identifier of Open Civic Data.

It differs from version 2 of the standard: lists hang in collections, people are apart from candidates, every object has
a "stable" identifier, and blank and null votes are selections of their own.
"""

from api.standards import naming, terms
from api.standards.civics_contests import add_contest
from api.standards.reporting import Report
from api.standards.xml import KIND, Element, add, add_identifiers, add_known, add_names, write
from geo.divisions import load_divisions
from tally.keys import NATION


def write_civics(report: Report) -> bytes:
    """The report as a document."""
    told = {unit.key for unit in report.units if is_told(unit.key, report)}
    root = Element("ElectionReport")
    _add_election(root, report, told)
    add(root, "Format", "summary-contest")
    add(root, "GeneratedDate", report.generated_at)
    _add_units(root, report, told)
    add(root, "Issuer", terms.ISSUER)
    add(root, "IssuerAbbreviation", terms.ISSUER)
    add(root, "IsTest", report.is_test)
    add(root, "Notes", report.notes)
    _add_parties(root, report)
    _add_people(root, report)
    add(root, "SequenceStart", 1)
    add(root, "SequenceEnd", 1)
    add(root, "Status", report.status)
    if report.is_test:
        add(root, "TestType", terms.REHEARSAL)
    add(root, "VendorApplicationId", report.program)
    return write(root)


def is_told(key: str, report: Report) -> bool:
    """Whether a unit has a place in the profile; a contest's whole has one in any case, or it could not be told."""
    return key in load_divisions() or any(key == told.contest.whole for told in report.contests)


def _stable(report: Report, object_id: str) -> str:
    return f"{report.election.id}-{object_id}"


def _add_election(root: Element, report: Report, told: set[str]) -> None:
    election = report.election
    own = add(root, "Election", objectId="election")
    if report.candidacies:
        _add_candidates(own, report)
    contests = add(own, "ContestCollection")
    for order, figures in enumerate(report.contests, 1):
        units = [unit for unit in figures.units if unit.key in told]
        add_contest(contests, figures, units, order, _stable(report, naming.contest_id(figures.contest)))
    add(own, "ElectionScopeId", naming.unit_id(NATION))
    add_identifiers(own, election.id, terms.election_identifiers(election))
    add_names(own, "Name", election.name)
    add(own, "StartDate", election.date.isoformat())
    add(own, "EndDate", election.date.isoformat())
    add(own, "Type", terms.election_type([figures.contest for figures in report.contests]))


def _add_candidates(election: Element, report: Report) -> None:
    collection = add(election, "CandidateCollection")
    for contest, entry in report.candidacies:
        own = naming.candidate_id(contest, entry)
        candidate = add(collection, "Candidate", objectId=own)
        add_names(candidate, "BallotName", naming.candidate_name(entry))
        add_identifiers(candidate, _stable(report, own), ())
        add(candidate, "PartyId", naming.party_id(entry))
        add(candidate, "PersonId", naming.person_id(contest, entry))
        if entry.is_withdrawn:
            add(candidate, "PreElectionStatus", terms.WITHDRAWN)


def _add_units(root: Element, report: Report, told: set[str]) -> None:
    collection = add(root, "GpUnitCollection")
    for unit in report.units:
        if unit.key not in told:
            continue
        own = naming.unit_id(unit.key)
        element = add(collection, "GpUnit", **{KIND: "ReportingUnit", "objectId": own})
        below = [naming.unit_id(key) for key in report.below.get(unit.key, ()) if key in told]
        add_known(element, "ComposingGpUnitIds", " ".join(below) or None)
        add_identifiers(element, f"pe-{own}", naming.unit_identifiers(unit.key))
        add_names(element, "InternationalizedName", naming.unit_names(unit.key, unit.name))
        if report.is_told_once(unit.key):
            status = add(element, "CountStatus")
            add(status, "Status", terms.count_status(unit))
            add(status, "Type", terms.TOTAL)
        add_known(element, "SubUnitsReported", unit.counted)
        add_known(element, "TotalSubUnits", unit.total)
        kind, other = terms.unit_type(unit.key)
        add(element, "Type", kind)
        add_known(element, "OtherType", other)
        add_known(element, "VotersRegistered", unit.registered)


def _add_parties(root: Element, report: Report) -> None:
    collection = add(root, "PartyCollection")
    for entry in report.lists:
        own = naming.party_id(entry)
        party = add(collection, "Party", objectId=own)
        add_known(party, "Color", naming.color(entry))
        add_identifiers(party, _stable(report, own), [(terms.LIST_ONPE, entry.code)])
        add_names(party, "Name", naming.in_all(entry.name))
        add(party, "PartyScopeGpUnitIds", naming.unit_id(NATION))


def _add_people(root: Element, report: Report) -> None:
    if not report.candidacies:
        return
    collection = add(root, "PersonCollection")
    for contest, entry in report.candidacies:
        own = naming.person_id(contest, entry)
        person = add(collection, "Person", objectId=own)
        add_identifiers(person, _stable(report, own), ())
        add_names(person, "FullName", naming.candidate_name(entry))
        add(person, "PartyId", naming.party_id(entry))
