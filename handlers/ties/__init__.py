"""Mutual help and other standing ties in the chat: staff make them, and see what they need to."""

from handlers.ties import desk, items, mutual, own, standing
from handlers.topic import Topic

TOPIC = Topic(
    commands={"ties": desk.open_ties},
    presses={"tie": desk.press, "tie_item": items.press, "tie_back": own.press},
    forms=(mutual.NEW, mutual.OVERRIDE, standing.NEW, items.ADD, own.BACK),
)
