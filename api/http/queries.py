"""Parameters that a route does not know are refused: under each of them caches would keep the same answer once more."""

from fastapi.dependencies.models import Dependant
from starlette.requests import HTTPConnection

from api.http.errors import UnknownChoice


async def refuse_unknown(connection: HTTPConnection) -> None:
    """Return if the route knows every parameter it was given.

    Raises: UnknownChoice: it does not; the sentence names those it knows.
    """
    known = _names(connection.scope["route"].dependant)
    if connection.query_params.keys() - known:
        told = f"it knows {', '.join(sorted(known))}" if known else "it knows none"
        raise UnknownChoice(f"this address was given a parameter that it does not know; {told}")


def _names(dependant: Dependant) -> frozenset[str]:
    return frozenset(field.alias for field in dependant.query_params).union(*map(_names, dependant.dependencies))
