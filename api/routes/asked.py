"""What many addresses are asked with: a moment, and a question about rows. Each parameter is described here once."""

from typing import Annotated

from fastapi import Depends, Query

from api.tables.questions.question import MOST_ROWS, QuestionText

_CLOCK = (
    "by our clock: as this server had published it then (`as_of`), whatever the source's own stamps (`source_at`) say"
)
AtQuery = Annotated[str | None, Query(description=f"As it stood at this moment, ISO 8601, {_CLOCK}.")]
_Where = Annotated[
    list[str],
    Query(
        description="Only rows of which this holds, each of those given: a column, one of >= <= > < = != and a value, "
        "as turnout>=100, lead.LIST>0, state=at_jee,pending, margin<50. Of a missing value nothing holds.",
    ),
]
_Sort = Annotated[
    str | None, Query(description="Columns to go by, from the largest on with a minus: -turnout,name. Else by key.")
]
_Top = Annotated[int | None, Query(ge=1, le=MOST_ROWS, description="Only the first so many.")]
_Columns = Annotated[
    str | None,
    Query(description="Only these columns, with no other member: key,name,turnout,votes.LIST,change.margin."),
]


def read_question(
    where: _Where = [],  # noqa: B006 - read only
    sort: _Sort = None,
    top: _Top = None,
    columns: _Columns = None,
) -> QuestionText:
    """The question that a query puts."""
    return QuestionText(tuple(where), sort, top, columns)


RowQuestion = Annotated[QuestionText, Depends(read_question)]
SinceQuery = Annotated[
    str | None,
    Query(description=f"Only rows that changed after this moment, {_CLOCK}; `change.COLUMN` says by how much."),
]
