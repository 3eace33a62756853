"""The rubric of incidents: what may be reported, how bad it is, and what a verification rests on."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta


class Severity(StrEnum):
    """A rubric, not a feeling; from the least to the worst."""

    INFO = "info"
    MINOR = "minor"
    SERIOUS = "serious"
    CRITICAL = "critical"


# What may affect voters: those put votes at stake and stand on the map.
GRAVE = (Severity.CRITICAL, Severity.SERIOUS)
_NAMED = {"propertyNames": {"enum": [severity.value for severity in Severity]}}
# How many of each severity, 0 where there are none.
SeverityCounts = Annotated[dict[Severity, int], Meta(min_length=len(Severity), extra_json_schema=_NAMED)]


class Category(StrEnum):
    """What was seen."""

    OPENING_DELAY = "opening_delay"
    MESA_NOT_INSTALLED = "mesa_not_installed"
    MISSING_MATERIAL = "missing_material"
    VOTER_LIST = "voter_list"
    VOTER_DENIED_OR_IMPERSONATED = "voter_denied_or_impersonated"
    SECRECY_OF_VOTE = "secrecy_of_vote"
    CAMPAIGNING_AT_STATION = "campaigning_at_station"
    INTIMIDATION_OR_VIOLENCE = "intimidation_or_violence"
    OBSERVER_OR_PERSONERO_ACCESS = "observer_or_personero_access"
    COUNTING_OR_ACTA = "counting_or_acta"
    TRANSPORT_CUSTODY_OR_JEE = "transport_custody_or_jee"
    POSITIVE_OR_NONE = "positive_or_none"
    OTHER = "other"


def is_incident(category: Category) -> bool:
    """Whether a report of it tells of an incident: that all went well shows a visit, and is nothing else."""
    return category is not Category.POSITIVE_OR_NONE


class Basis(StrEnum):
    """What a verification rests on."""

    DIRECT_OBSERVATION = "direct_observation"
    SECOND_OBSERVER = "second_observer"
    OFFICIAL_CONFIRMATION = "official_confirmation"
    DOCUMENT_OR_IMAGE = "document_or_image"
    MEDIA_ONLY = "media_only"
    NONE = "none"
