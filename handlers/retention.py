"""Retention in the chat: the office allows the periods it was shown."""

from handlers.topic import Topic
from handlers.turn import Press, Turn
from storage.refusals import NotAllowed, TooLate
from storage.retention import allow


def press(turn: Turn, press: Press) -> None:
    """The yes to what one message showed."""
    if turn.person is None:
        raise NotAllowed
    if press.act != "allow":
        raise TooLate
    count = allow(turn.session, now=turn.now, actor=turn.person, showing=press.id)
    turn.edit("retention_allowed", card="retention", count=count)


TOPIC = Topic(presses={"retention": press})
