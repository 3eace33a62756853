"""An XLSForm read and checked by pyxform, which need not be installed where forms are only served."""

from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

from tally.errors import InvalidInput
from tally.files.faults import Fault


def read_spreadsheet(path: Path) -> tuple[dict[str, Any] | None, list[Fault]]:
    """The survey of an .xlsx, .xls, .csv or .md file in pyxform's own form; None, and what it objects to.

    Raises: InvalidInput: it cannot be read, or pyxform is not installed.
    """
    try:
        from pyxform.errors import PyXFormError
        from pyxform.xls2xform import convert
    except ImportError as error:
        raise InvalidInput("XLSForm is read by pyxform: pip install 'escrutinio[xlsform]'") from error
    try:
        data = path.read_bytes().removeprefix(BOM_UTF8)  # which spreadsheets write before their CSV
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read ({error.strerror})") from error
    try:
        # The whole conversion: only then are all its references and names checked. It lets through errors that are not
        # its own, of bytes that are no text and of a table whose name it does not know.
        survey = convert(data, form_name=path.stem, file_type=path.suffix)._pyxform
    except (PyXFormError, ValueError, TypeError) as error:
        return None, [Fault("", line) for line in str(error).splitlines() if line.strip()]
    return dict(survey), []
