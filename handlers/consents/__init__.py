"""Consents in the chat: what one agreed to, taken back by one tap, and statements before staff."""

from handlers.consents import cards, looking, statement
from handlers.topic import Topic

TOPIC = Topic(
    commands={"consent": cards.open_own},
    presses={"consent": cards.press, "look": looking.press},
    forms=(statement.FORM, looking.FORM),
)
