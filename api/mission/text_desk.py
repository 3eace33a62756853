"""What is done with a text message that comes in: who sent it, what it asks for, what is answered.

The answer goes back with the gateway's own request: so no number has to be kept until one is given, and whoever sends a
text again because an answer was lost gets the same one.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from anyio import to_thread
from msgspec import Meta, Struct, field
from sqlalchemy import Engine

from api.mission.case import Case
from api.mission.report_form import PlaceForm, ReportForm, Sending, read_report
from mission.incidents.incident import Location, Member
from mission.journal import Journal, Journals, NewEntry
from mission.messages.alphabet import fit
from mission.messages.message_log import MessageLog
from mission.messages.orders import OrderWords, read_order
from mission.messages.strangers import note_stranger
from mission.messages.text_book import LIMITS, TAKE, TEXT_ROOM, TakenText, TextBook
from mission.people.accounts import Account
from mission.people.contacts import find_sender, sender_hash
from mission.people.tokens import keyed_hash
from tally import moments
from tally.errors import InvalidInput, IntakeStopped, NotFound, TooMany
from texts.language import DEFAULT_LANGUAGE, Language, load_languages
