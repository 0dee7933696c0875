"""A round in the hands of whoever is asked: fill it in, or rather not."""

from handlers.doors import present
from handlers.surveys.filling import fill_in
from handlers.turn import Press, Turn
from storage.refusals import TooLate
from storage.rules.surveys import Channel
from storage.surveys import prefer_mine, refuse_round


def press_survey(turn: Turn, press: Press) -> None:
    """A button of the message that asks, or of one that shows two differing answers."""
    if press.act == "start":
        fill_in(turn, press.id, Channel.CHAT)
    elif press.act == "refuse":
        refuse_round(
            turn.session,
            now=turn.now,
            actor=present(turn),
            answer_id=press.id,
            channel=Channel.CHAT,
        )
        turn.edit("survey_refused", card=f"survey:{press.id}")
    elif press.act == "mine":
        prefer_mine(turn.session, now=turn.now, actor=present(turn), answer_id=press.id)
        turn.edit("survey_settled", card=f"survey_differs:{press.id}", mine=True)
    elif press.act == "theirs":
        turn.edit("survey_settled", card=f"survey_differs:{press.id}", mine=False)
    else:
        raise TooLate
