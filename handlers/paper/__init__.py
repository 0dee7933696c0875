"""What staff enter for people who do not use the chat: lines in a mode that stays till "done"."""

from handlers.paper import mode, sheets, today
from handlers.topic import Topic

TOPIC = Topic(
    commands={"paper": mode.open_mode, "sheets": sheets.open_sheets, "today": today.open_today},
    presses={"sheet": sheets.press_sheet, "today": today.press_today},
    forms=(mode.FORM,),
    entries=mode.hear_entry,
)
