"""Pauses in the chat: /pause for oneself, a relative, or, for staff, anybody of their scope."""

from handlers.pauses import cards, stating
from handlers.topic import Topic

TOPIC = Topic(
    commands={"pause": stating.open_pause},
    presses={"pause": cards.press_pause},
    forms=(stating.FORM,),
)
