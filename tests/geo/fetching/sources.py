"""Attempts to fetch, in a folder of their own and without pauses."""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from geo.fetching.catalogue import Source, load_sources
from geo.fetching.fetch import Fetch, Teller

LIMITS = replace(load_sources().limits, pause_s=0.0, tries=3)


def make_fetch(
    folder: Path,
    *sources: Source,
    agrees: Callable[[Source], bool] = lambda source: True,
    failure: Callable[[str], None] = lambda text: None,
) -> Fetch:
    """One that builds into `geometry` of that folder."""
    teller = Teller(lambda text: None, lambda done, whole: None, lambda: None, failure)
    return Fetch(sources, LIMITS, folder / "geometry", folder / "downloads", agrees, teller, "Test/1")
