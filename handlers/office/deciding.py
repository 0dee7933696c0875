"""The decision on those who want to help."""

from handlers.turn import Press, Turn
from storage.refusals import NotAllowed, TooLate
from storage.volunteers import decide_volunteer, open_applicant


def decide(turn: Turn, press: Press) -> None:
    """Approve or decline, or see the phone for the call before."""
    if turn.person is None:
        raise NotAllowed
    if press.act == "phone":
        contact = open_applicant(turn.session, now=turn.now, actor=turn.person, role_id=press.id)
        turn.say("volunteer_phone", name=contact.name, phone=contact.phone)
        return
    if press.act not in ("approve", "decline"):
        raise TooLate
    decided = decide_volunteer(
        turn.session,
        now=turn.now,
        actor=turn.person,
        role_id=press.id,
        version=press.version,
        approve=press.act == "approve",
    )
    state = "approved" if press.act == "approve" else "declined"
    turn.edit("volunteer_decided", card=f"role:{press.id}", name=decided.name, by=None, state=state)
