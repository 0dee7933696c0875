"""Notices in the chat: staff write, preview, send and follow them; receivers say they read them."""

from handlers.notices.desk import open_notices, press_desk
from handlers.notices.receiving import press_received
from handlers.notices.writing import FORM
from handlers.topic import Topic

TOPIC = Topic(
    commands={"notice": open_notices},
    presses={"notice": press_received, "notices": press_desk},
    forms=(FORM,),
)
