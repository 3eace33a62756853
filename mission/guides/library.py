"""The guides of a folder: `NAME.es.md` and `NAME.en.md`. What cannot be read is left out, with why; the rest stands."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from mission.guides.document import Document, DocumentFault, read_document
from tally.errors import InvalidInput
from texts.language import LANGUAGES

_SHIPPED = Path(__file__).parent / "shipped"
_FILE = re.compile(rf"([a-z0-9][a-z0-9-]{{0,39}})\.({'|'.join(LANGUAGES)})\.md")


class _Limits(Struct, frozen=True, forbid_unknown_fields=True):
    most_guides: int
    most_kb: int


_LIMITS = msgspec.toml.decode(Path(__file__).with_name("limits.toml").read_bytes(), type=_Limits)


class Guide(Struct, frozen=True):
    """One guide, by language; `digest` is another when anything in it is."""

    name: str
    digest: str
    documents: Mapping[str, Document]


class Guides(Struct, frozen=True):
    """All guides by name, in its order, and a sentence for each file that is none and each link that leads nowhere."""

    guides: Mapping[str, Guide]
    faults: tuple[str, ...]


def load_guides(folder: Path | None = None) -> Guides:
    """The guides of that folder; None: those that ship with this version.

    Raises: InvalidInput: there is no such folder.
    """
    try:
        paths = sorted((folder or _SHIPPED).glob("*.md"))
        if folder is not None and not folder.is_dir():
            raise NotADirectoryError(f"{folder} is no folder")
    except OSError as error:
        raise InvalidInput(f"setting guides: {error}") from error
    documents, digests = defaultdict[str, dict[str, Document]](dict), defaultdict[str, str](str)
    faults = []
    for path in paths:
        try:
            name, language = _named(path, len(documents))
            raw = _read(path)
            documents[name][language] = read_document(raw.decode("utf-8"))
            digests[name] = hashlib.sha256(digests[name].encode() + language.encode() + raw).hexdigest()
        except (DocumentFault, OSError, UnicodeDecodeError) as error:
            faults.append(f"{path.name}: {error}")
    faults += [
        f"{name}.{language}.md: a link to the guide {other!r}, which is not there"
        for name, own in documents.items()
        for language, document in own.items()
        for other in sorted(document.guides - documents.keys())
    ]
    guides = {name: Guide(name, digests[name], own) for name, own in documents.items()}
    return Guides(guides, tuple(faults))


def _named(path: Path, known: int) -> tuple[str, str]:
    named = _FILE.fullmatch(path.name)
    if named is None:
        raise DocumentFault(
            f"a guide is called NAME.{LANGUAGES[0]}.md, its name lower-case letters, digits and hyphens"
        )
    if known > _LIMITS.most_guides:
        raise DocumentFault(f"more than {_LIMITS.most_guides} guides")
    return named[1], named[2]


def _read(path: Path) -> bytes:
    raw = path.read_bytes()
    if len(raw) > _LIMITS.most_kb * 1000:
        raise DocumentFault(f"{len(raw) // 1000} kB, of {_LIMITS.most_kb} at most")
    return raw
