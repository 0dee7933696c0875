"""What staff enter for people who do not use the chat: lines in a mode that stays till "done"."""

from handlers.paper import mode
from handlers.topic import Topic

TOPIC = Topic(
    commands={"paper": mode.open_mode},
    forms=(mode.FORM,),
    entries=mode.hear_entry,
)
