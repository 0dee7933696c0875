"""today: the day's calls, visits and open alarms on paper, while the bot runs or does not."""

from datetime import datetime

from bot.today.text import as_text
from messages.render import Wording
from storage.database import Database
from storage.today import Ground, read_today


def print_today(database: Database, *, now: datetime) -> str:
    """The list as text; whose number stands in it is noted in the journal as shown."""
    house = database.house
    today = database.do(read_today, now=now, ground=Ground.PRINTED)
    wording = Wording(zone=str(house.zone))
    return as_text(today, wording=wording, language=house.language, local=house.local)
