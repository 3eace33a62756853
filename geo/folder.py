"""The folder that `geo build` writes and a server reads: hashed layers, plain and gzipped, and one manifest.

Layers are written first under names that depend on their content, the manifest last by an atomic rename: a reader sees
the old set or the new one, never a mixture, and a build cut short changes nothing.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

import msgspec
from msgspec import Struct

from geo.layers import MapLayer, content_hash
from tally.errors import BoundaryError

MANIFEST = "geometry.json"


class Said(Struct, frozen=True):
    """A `geo.notice.MapNotice`. A folder built before there were such has two sentences here, {"en", "es"}: no id."""

    figures: dict[str, int | str] = {}
    id: str | None = None


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in geometry.json; `layers` and `labels` name files of the same folder."""

    bounds: tuple[float, float, float, float]
    schematic: dict[str, bool]
    notice: Said | None
    layers: dict[str, dict[str, str]]
    labels: str
    v: int = 1

    def names(self) -> list[str]:
        """Every file the folder must hold beside the manifest."""
        return [*(name for by_resolution in self.layers.values() for name in by_resolution.values()), self.labels]


def is_absent(directory: Path) -> bool:
    """True if the folder does not exist or is empty."""
    return not directory.exists() or (directory.is_dir() and not any(directory.iterdir()))


def read_folder(directory: Path) -> tuple[Manifest, dict[str, MapLayer]]:
    """Manifest and layers by file name.

    Raises: BoundaryError: no manifest, a layer is missing, or its bytes do not match the hash in its name.
    """
    try:
        manifest = msgspec.json.decode((directory / MANIFEST).read_bytes(), type=Manifest)
        return manifest, {name: _read_layer(directory, name) for name in manifest.names()}
    except OSError as error:
        raise BoundaryError(f"{directory} is no folder of `escrutinio geo build`: {error}") from error
    except msgspec.MsgspecError as error:
        raise BoundaryError(f"{directory / MANIFEST} is not a geometry manifest: {error}") from error


def write_folder(
    directory: Path, manifest: Manifest, files: Mapping[str, MapLayer], beside: Mapping[str, bytes]
) -> None:
    """Write layers and what stands `beside` them, then the manifest, then drop what only the former manifest named.

    Raises: BoundaryError: the folder cannot be written or holds files that are not ours.
    """
    try:
        former = former_names(directory)
        directory.mkdir(parents=True, exist_ok=True)
        for name, layer in files.items():
            _write(directory / name, layer.content)
            _write(directory / f"{name}.gz", layer.gzipped)
        for name, content in beside.items():
            _write(directory / name, content)
        _write(directory / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        for name in former - set(files):
            (directory / name).unlink(missing_ok=True)
            (directory / f"{name}.gz").unlink(missing_ok=True)
    except OSError as error:
        raise BoundaryError(f"the boundaries cannot be written to {directory}: {error}") from error


def former_names(directory: Path) -> set[str]:
    """Layers of the build that the folder holds now.

    Raises: BoundaryError: it holds something else.
    """
    if is_absent(directory):
        return set()
    if not (directory / MANIFEST).is_file():
        raise BoundaryError(f"{directory} already holds other files: name an empty or a new folder")
    try:
        return set(msgspec.json.decode((directory / MANIFEST).read_bytes(), type=Manifest).names())
    except msgspec.MsgspecError:
        return set()


def _read_layer(directory: Path, name: str) -> MapLayer:
    content = (directory / name).read_bytes()
    title, _, rest = name.partition(".")
    written = rest.removesuffix(".json")
    if content_hash(content) != written:
        raise BoundaryError(f"{directory / name} is damaged: its content does not match its name; build it again")
    return MapLayer(title, written, content, (directory / f"{name}.gz").read_bytes())


def _write(path: Path, content: bytes) -> None:
    """Atomic: under a passing name first."""
    with NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
