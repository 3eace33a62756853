"""`escrutinio form …`: forms looked over and sealed, listed, and read from an XLSForm."""

from collections.abc import Iterator
from pathlib import Path

import typer
from msgspec.structs import replace

from api.commands.forms.spreadsheets import read_spreadsheet
from mission.forms.library import (
    SEALS,
    SHIPPED,
    arrange,
    form_files,
    gone,
    library_faults,
    load_forms,
    name_of,
    read_file,
    seal,
)
from mission.forms.model import FormMoment
from mission.forms.writing import write_form
from mission.forms.xlsform.reading import Found, Wishes, read_survey
from tally.errors import InvalidInput
from tally.keys import is_digits
from tally.settings import load_settings

app = typer.Typer(help="A mission's forms: looked over, sealed, read from spreadsheets.", no_args_is_help=True)

_FOLDER = typer.Option(None, help="Folder of the mission's own forms; without it ESCRUTINIO_FORMS.")


@app.command()
def check(
    paths: list[Path] = typer.Argument(help="Forms' files, and folders of them."),
    sealing: bool = typer.Option(False, "--seal", help=f"Write what they say into their folders' {SEALS}: in use."),
) -> None:
    """Say every fault of forms with its place; exit status 1 if there is any."""
    folders = [path for path in paths if path.is_dir()]
    files = [file for path in paths for file in (form_files(path) if path.is_dir() else [path])]
    said = [line for file in files for line in _faults_of(file)]
    for folder in folders if not said else ():
        said += _faults_among(folder)
    for line in said:
        typer.echo(line)
    if said:
        raise typer.Exit(1)
    for folder in folders if sealing else ():
        typer.echo(f"{folder / SEALS}: {seal(folder)} more in use")
    typer.echo(f"{len(files)} sound")


@app.command(name="list")
def list_forms(folder: Path | None = _FOLDER) -> None:
    """Print every version of every form: its name, moment, code, due time, how many questions, and title."""
    forms = load_forms(folder or load_settings().forms)
    for form in (form for versions in forms.values() for form in versions):
        mark = "  withdrawn" if form.is_withdrawn else "" if form is forms[form.id][-1] else "  replaced"
        told = f"{name_of(form):<20} {form.moment:<13} {form.code:<5} {form.due or '-':<6} {len(form.questions):>3}"
        typer.echo(f"{told}  {next(iter(form.title.values()))}{mark}")


@app.command(name="import")
def import_form(
    file: Path = typer.Argument(help="An XLSForm: .xlsx, .xls, .csv or .md."),
    output: Path = typer.Option(..., "--output", "-o", help="File to write, called ID.vN.toml, or a folder for it."),
    moment: FormMoment = typer.Option(..., help="When in the day it is filled in."),
    code: str = typer.Option(..., help="How a text message calls it: two to four letters."),
    due: str | None = typer.Option(None, help="Local time by which it is expected, like 08:00."),
    of_mesa: bool = typer.Option(False, "--of-mesa", help="It is about one mesa, whose number is asked."),
) -> None:
    """Read an XLSForm into a form's file; says what it cannot take, and writes nothing while there is such a thing."""
    wishes = replace(_wishes(output, moment, code, due), is_of_mesa=of_mesa)
    survey, faults = read_spreadsheet(file)
    found = Found(None, faults) if survey is None else read_survey(survey, wishes)
    for fault in found.left_out:
        typer.echo(f"{file.name}: left out: {fault}", err=True)
    for fault in found.faults:
        typer.echo(f"{file.name}: {fault}")
    if found.form is None or found.faults:
        raise typer.Exit(1)
    path = output / f"{name_of(found.form)}.toml" if output.is_dir() else output
    if path.exists():
        raise InvalidInput(f"{path} is there already: it is not written over")
    path.write_text(f"# Read from {file.name}.\n{write_form(found.form)}", "utf-8")
    typer.echo(f"{path}: {len(found.form.questions)} questions; which answers open an incident is written by hand")


def _wishes(output: Path, moment: FormMoment, code: str, due: str | None) -> Wishes:
    """A file's name says which form and version it is."""
    if output.is_dir():
        return Wishes(moment, code.upper(), due)
    name, _, version = output.stem.rpartition(".v")
    if output.suffix != ".toml" or not name or not is_digits(version):
        raise InvalidInput(f"--output {output.name}: a form's file is called like opening.v1.toml")
    return Wishes(moment, code.upper(), due, name, int(version))


def _faults_of(file: Path) -> Iterator[str]:
    yield from (f"{file.name}: {fault}" for fault in read_file(file)[1])


def _faults_among(folder: Path) -> Iterator[str]:
    """What is wrong between the forms of a folder and the shipped ones, and which are in use and gone."""
    files = (path for place in {SHIPPED, folder.resolve()} for path in form_files(place))
    forms = arrange(form for file in files if (form := read_file(file)[0]) is not None)
    yield from (f"{folder}: {fault}" for fault in (*library_faults(forms), *gone(folder)))
