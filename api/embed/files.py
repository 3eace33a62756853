"""Files that are whole or not there: written beside their place, then renamed into it."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from api.http.answers import Representation
from tally.errors import InvalidInput

_READABLE = 0o644


def write_answer(path: Path, answer: Representation) -> None:
    """The body, and beside it the compressed form that nginx's gzip_static gives away.

    Raises: InvalidInput: the folder cannot be written.
    """
    write_file(path, answer.body)
    if answer.packed is not None:
        write_file(path.with_name(f"{path.name}.gz"), answer.packed)


def write_file(path: Path, content: bytes) -> None:
    """The whole content at once, as far as any reader can tell.

    Raises: InvalidInput: the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as file:
            file.write(content)
        Path(file.name).chmod(_READABLE)
        os.replace(file.name, path)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror or error}") from error
