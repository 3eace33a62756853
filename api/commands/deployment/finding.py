"""What a check found."""

from collections.abc import Iterable

import msgspec
import typer
from msgspec import Struct


class Finding(Struct, frozen=True):
    """One line of the doctor's. `mend`: the command that mends it, where one does."""

    name: str
    is_well: bool
    detail: str
    mend: str | None = None


def report(findings: Iterable[Finding], *, as_json: bool) -> bool:
    """Print them, each as soon as it is known or all of them as JSON. Returns: whether nothing needs mending."""
    found = list[Finding]()
    for one in findings:
        found.append(one)
        if not as_json:
            typer.echo(f"{'ok   ' if one.is_well else 'FIX  '} {one.name}: {one.detail}")
            if one.mend is not None:
                typer.echo(f"        {one.mend}")
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
    return all(one.is_well for one in found)
