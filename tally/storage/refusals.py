"""Whether a database refuses a value, or cannot be reached: the one is set aside, the other waited out, never both."""

from sqlalchemy.exc import DataError, SQLAlchemyError

# PostgreSQL's classes of what a statement's own data break: data exceptions, and limits such as that of an index's key.
_DATA_CLASSES = ("22", "54")


def is_refusal(error: SQLAlchemyError) -> bool:
    """Whether the database would refuse the same values again, however often it is asked."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return isinstance(error, DataError) or (isinstance(state, str) and state[:2] in _DATA_CLASSES)
