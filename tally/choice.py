"""Which election a command is about, where nobody names one: the only one its database holds."""

from tally.settings import Settings
from tally.storage.store import Store


def settle_election(settings: Settings) -> Settings:
    """The settings with the election that was named; else the only one the database holds a count of; else the default.

    Raises: InvalidInput, StoreUnavailable: the database is needed to tell, and cannot be opened.
    """
    if "election" in settings.model_fields_set:
        return settings
    store = Store.open(settings.database_url)
    try:
        return settle_election_of(settings, store)
    finally:
        store.close()


def settle_election_of(settings: Settings, store: Store) -> Settings:
    """The same with a store that is open."""
    held = {info.election_id for info in store.counts()}
    if "election" in settings.model_fields_set or len(held) != 1:
        return settings
    return settings.model_copy(update={"election": held.pop()})
