"""My data: what is held and who looked, a copy, corrections, and being erased."""

from handlers.privacy import cards, correcting, erasing
from handlers.topic import Topic

TOPIC = Topic(
    commands={"privacy": cards.open_own},
    presses={"privacy": cards.press, "erase": erasing.press},
    forms=(correcting.FORM,),
)
