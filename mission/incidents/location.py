"""Where something was observed: the station that is named, and where the device was."""

from msgspec import Struct

from tally.keys import Level, is_key, place_key


class Location(Struct, frozen=True):
    """Where: exactly one of mesa, polling place, district, or none of them (`key` None: not at a station).

    `place` (the source's code) and `district` (ubigeo) are what the count says of the key, as far as it reaches.
    """

    key: str | None = None
    place: str | None = None
    district: str | None = None

    @property
    def station(self) -> str | None:
        """Key of the polling place; also of one that is reported and that the count has not named yet."""
        if self.place is not None:
            return place_key(self.place)
        return self.key if self.key is not None and is_key(self.key, Level.POLLING_PLACE) else None


class DevicePosition(Struct, frozen=True):
    """Where the device was, degrees and metres. Private: it leaves the mission in no form."""

    lon: float
    lat: float
    accuracy: float | None = None
