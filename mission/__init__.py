"""The observer mission: people, incidents, flags. Whoever imports any of it has all its tables registered."""

import mission.alert_tables
import mission.incidents.log_tables
import mission.journal_tables
import mission.messages.tables
import mission.people.tables  # noqa: F401 - every module with tables of its own has a line here
