"""Made by `make vocabulary` from the enums of the rooms, see api/vocabulary.py; never edited."""

BUCKETS = (
    "counted",
    "at_jee",
    "pending",
)
NOT_VALID = (
    "blank",
    "null",
    "challenged",
)
FIGURES = (
    "counted",
    "at_jee",
    "pending",
    "total",
    "cast",
    "valid",
    "blank",
    "null",
    "challenged",
)
NOTED_KINDS = (
    "correction",
    "hold",
    "release",
)
QUEUE_STATES = (
    "open",
    "resolved",
)
