"""NIST SP 1500-100 version 2 as Structs: the classes and members that our reports have, under the standard's names."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType


def _name(field: str) -> str:
    return "@id" if field == "id" else "".join(word.capitalize() for word in field.split("_"))


def _tag(name: str) -> str:
    return f"ElectionResults.{name.removeprefix('Nist')}"


class _Part(Struct, frozen=True, kw_only=True, rename=_name, tag_field="@type", tag=_tag):
    """An object of the standard; what is not known is not there."""


class NistLanguageString(_Part, frozen=True, kw_only=True):
    """A text in one language."""

    content: str
    language: str


class NistInternationalizedText(_Part, frozen=True, kw_only=True):
    """A text in several languages."""

    text: tuple[NistLanguageString, ...]


class NistExternalIdentifier(_Part, frozen=True, kw_only=True):
    """An identifier that others gave."""

    type: str
    value: str
    other_type: str | UnsetType = UNSET


class NistCountStatus(_Part, frozen=True, kw_only=True):
    """How far a count is."""

    status: str
    type: str
    other_type: str | UnsetType = UNSET


class NistReportingUnit(_Part, frozen=True, kw_only=True):
    """An area, polling place or mesa; sub-units are actas."""

    id: str
    type: str
    other_type: str | UnsetType = UNSET
    name: NistInternationalizedText | UnsetType = UNSET
    number: str | UnsetType = UNSET
    composing_gp_unit_ids: tuple[str, ...] | UnsetType = UNSET
    external_identifier: tuple[NistExternalIdentifier, ...] | UnsetType = UNSET
    count_status: tuple[NistCountStatus, ...] | UnsetType = UNSET
    sub_units_reported: int | UnsetType = UNSET
    total_sub_units: int | UnsetType = UNSET
    voters_registered: int | UnsetType = UNSET


class NistParty(_Part, frozen=True, kw_only=True):
    """A list's party."""

    id: str
    name: NistInternationalizedText
    color: str | UnsetType = UNSET
    external_identifier: tuple[NistExternalIdentifier, ...] | UnsetType = UNSET


class NistCandidate(_Part, frozen=True, kw_only=True):
    """Who runs for a list."""

    id: str
    ballot_name: NistInternationalizedText
    party_id: str
    pre_election_status: str | UnsetType = UNSET


class NistVoteCounts(_Part, frozen=True, kw_only=True):
    """Votes for a selection in a unit."""

    count: int
    gp_unit_id: str
    type: str


class NistCandidateSelection(_Part, frozen=True, kw_only=True):
    """What can be voted for: a list and its candidate."""

    id: str
    sequence_order: int
    candidate_ids: tuple[str, ...] | UnsetType = UNSET
    endorsement_party_ids: tuple[str, ...] | UnsetType = UNSET
    vote_counts: tuple[NistVoteCounts, ...] | UnsetType = UNSET


class NistOtherCounts(_Part, frozen=True, kw_only=True):
    """Votes for nobody in a unit: of one choice, an undervote is a blank vote."""

    gp_unit_id: str
    undervotes: int


class NistBallotCounts(_Part, frozen=True, kw_only=True):
    """Votes cast in a unit, or those of another kind; of actas at the juries how many are out."""

    gp_unit_id: str
    type: str
    other_type: str | UnsetType = UNSET
    ballots_cast: int | UnsetType = UNSET
    ballots_outstanding: int | UnsetType = UNSET


class NistCandidateContest(_Part, frozen=True, kw_only=True):
    """A contest; sub-units are actas."""

    id: str
    name: str
    ballot_title: NistInternationalizedText
    election_district_id: str
    votes_allowed: int
    number_elected: int
    number_runoff: int | UnsetType = UNSET
    sequence_order: int
    vote_variation: str
    other_vote_variation: str | UnsetType = UNSET
    external_identifier: tuple[NistExternalIdentifier, ...]
    count_status: tuple[NistCountStatus, ...]
    sub_units_reported: int | UnsetType = UNSET
    total_sub_units: int | UnsetType = UNSET
    contest_selection: tuple[NistCandidateSelection, ...]
    other_counts: tuple[NistOtherCounts, ...] | UnsetType = UNSET


class NistElection(_Part, frozen=True, kw_only=True):
    """An election and what was counted in it."""

    name: NistInternationalizedText
    type: str
    start_date: str
    end_date: str
    election_scope_id: str
    external_identifier: tuple[NistExternalIdentifier, ...]
    candidate: tuple[NistCandidate, ...]
    contest: tuple[NistCandidateContest, ...]
    ballot_counts: tuple[NistBallotCounts, ...] | UnsetType = UNSET


class NistElectionReport(_Part, frozen=True, kw_only=True):
    """How an election's contests stand; `GeneratedDate` is the moment of the version that it tells of."""

    format: str
    generated_date: str
    issuer: str
    issuer_abbreviation: str
    vendor_application_id: str
    sequence_start: int
    sequence_end: int
    status: str
    is_test: bool
    test_type: str | UnsetType = UNSET
    notes: str
    gp_unit: tuple[NistReportingUnit, ...]
    party: tuple[NistParty, ...]
    election: tuple[NistElection, ...]


def if_known(value: Any) -> Any:
    """The value as a member, which is not there where it is not known or empty."""
    return UNSET if value is None or value == () else value
