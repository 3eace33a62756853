"""The forms of a mission: those that are shipped, and those of a folder of its own; every version of each.

A folder may have `versions.toml`, the digest of each file whose form is in use: answers rest on what a version asked.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from mission.forms.definition import read_form
from mission.forms.model import MEASURED, Form, FormMoment
from tally.errors import InvalidInput
from tally.files.faults import Fault

SHIPPED = Path(str(files("mission.forms") / "library"))
SEALS = "versions.toml"


def load_forms(folder: Path | None = None) -> dict[str, tuple[Form, ...]]:
    """Every version of every form by its id, the newest last: the shipped ones, and those of a folder.

    Raises: InvalidInput: a file is no valid form, is not what its seal says, or two are of one version or one code.
    """
    forms = arrange((*_shipped(), *(_read_all(folder) if folder is not None else ())))
    for fault in library_faults(forms):
        raise InvalidInput(f"forms: {fault}")
    return forms


def arrange(forms: Iterable[Form]) -> dict[str, tuple[Form, ...]]:
    """Forms by their id, the newest version of each last."""
    found: dict[str, list[Form]] = {}
    for form in sorted(forms, key=lambda form: form.version):
        found.setdefault(form.id, []).append(form)
    return {name: tuple(versions) for name, versions in found.items()}


@cache  # nobody changes them while the program runs
def _shipped() -> tuple[Form, ...]:
    return _read_all(SHIPPED)


def _read_all(folder: Path) -> tuple[Form, ...]:
    forms = []
    for path in form_files(folder):
        form, faults = read_file(path)
        if form is None or faults:
            more = f" (and {len(faults) - 1} more: escrutinio form check)" if len(faults) > 1 else ""
            raise InvalidInput(f"{path.name} is not a valid form: {faults[0]}{more}")
        forms.append(form)
    for fault in gone(folder):
        raise InvalidInput(f"forms: {fault}")
    return tuple(forms)


def gone(folder: Path) -> list[Fault]:
    """The files that are in use, and are not there any more."""
    missing = read_seals(folder).keys() - {path.stem for path in form_files(folder)}
    return [Fault(f"{name}.toml", "is in use, and is gone: answers rest on it") for name in sorted(missing)]


def form_files(folder: Path) -> list[Path]:
    """The forms' files of a folder.

    Raises: InvalidInput: there is no such folder.
    """
    if not folder.is_dir():
        raise InvalidInput(f"there is no folder of forms {folder}")
    return sorted(path for path in folder.glob("*.toml") if path.name != SEALS)


def read_file(path: Path) -> tuple[Form | None, list[Fault]]:
    """The form of one file and its faults, those of its name and its seal too.

    Raises: InvalidInput: it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read ({error.strerror})") from error
    form, faults = read_form(data)
    if form is None:
        return None, faults
    if path.stem != name_of(form):
        faults.append(Fault("id", f"the file is called {path.name}, and not {name_of(form)}.toml"))
    sealed = read_seals(path.parent).get(path.stem)
    if sealed not in (None, digest(data)):
        faults.append(
            Fault("version", f"says something else than version {form.version} did: make it {form.version + 1}")
        )
    return form, faults


def library_faults(forms: Mapping[str, tuple[Form, ...]]) -> list[Fault]:
    """What is wrong between forms: a version that stands twice, a code of two forms, a question of two types."""
    faults, codes = [], dict[str, str]()
    for name, versions in forms.items():
        numbers = [form.version for form in versions]
        faults += [
            Fault(name, f"version {number} stands twice") for number in set(numbers) if numbers.count(number) > 1
        ]
        newest = versions[-1]
        faults += _retyped(name, versions[:-1], newest)
        if newest.is_withdrawn:
            continue
        if newest.code in codes:
            faults.append(Fault(name, f"has the code {newest.code} of {codes[newest.code]!r}"))
        codes[newest.code] = name
    return faults


def _retyped(name: str, earlier: Iterable[Form], newest: Form) -> Iterator[Fault]:
    """Questions whose answers are numbers or times in one version and not in another: they are counted together."""
    for question in newest.questions.values():
        types = {one.type for form in earlier if (one := form.questions.get(question.id)) is not None} | {question.type}
        if len(types) > 1 and not types.isdisjoint(MEASURED):
            faults = f"question {question.id} is {' and '.join(sorted(types))} in its versions: give the new one an id"
            yield Fault(name, faults)


def name_of(form: Form) -> str:
    """What its file is called, without its ending: "opening.v2"."""
    return f"{form.id}.v{form.version}"


def offered(forms: Mapping[str, tuple[Form, ...]]) -> list[Form]:
    """The newest version of each form that is not withdrawn, in the order of the day."""
    return in_order(versions[-1] for versions in forms.values() if not versions[-1].is_withdrawn)


def in_order(forms: Iterable[Form]) -> list[Form]:
    """Forms as the day has them."""
    order = list(FormMoment)
    return sorted(forms, key=lambda form: (order.index(form.moment), form.id))


def digest(data: bytes) -> str:
    """What a file says, as a hash: its comments and its layout say nothing."""
    return hashlib.sha256(msgspec.json.encode(tomllib.loads(data.decode()), order="sorted")).hexdigest()


def read_seals(folder: Path) -> dict[str, str]:
    """The digests of the files that are in use, by their names; none where the folder keeps none.

    Raises: InvalidInput: they cannot be read.
    """
    try:
        return msgspec.toml.decode((folder / SEALS).read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:  # also no UTF-8, or too deep
        raise InvalidInput(f"{folder / SEALS} cannot be read: {error}") from error


def seal(folder: Path) -> int:
    """Write down what the forms of a folder say now, those that are in use already as they were; how many are new."""
    old = read_seals(folder)
    new = {path.stem: digest(path.read_bytes()) for path in form_files(folder)}
    lines = [f'"{name}" = "{value}"\n' for name, value in sorted((new | old).items())]
    (folder / SEALS).write_text("".join(lines), "utf-8")
    return len(new.keys() - old.keys())
