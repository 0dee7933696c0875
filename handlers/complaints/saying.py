"""Saying that something went wrong: whom, what, own words, a look at it all, then sent."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import Form, Option, Question, start, words_within
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.doors import present, say_help
from handlers.turn import Press, Turn
from storage.choices import close_card
from storage.complaints import (
    Complaint,
    Party,
    find_party,
    list_own_complaints,
    list_parties,
    list_staff,
    nobody_named,
    staff_party,
    state_complaint,
    withdraw_complaint,
)
from storage.dialogues import Answers
from storage.hotlines import numbers_to_report
from storage.refusals import Fact, NotAllowed
from storage.rules.areas import Category
from storage.rules.reading import read_need
from storage.rules.text import clean
from storage.rules.wrongs import WRONGS, is_between_people

WORDS_LIMIT = 1000
NAMED = ("resident", "caregiver", "volunteer")
OTHER = "other"


def open_wrong(turn: Turn) -> None:
    """/wrong: what was said before and is being looked into, then whom it is about now."""
    if turn.person is None or not _may_say(turn):
        say_help(turn)
        return
    for one in list_own_complaints(turn.session, actor=turn.person):
        _show_own(turn, one)
    start(turn, FORM, {})


def hear_wrong(turn: Turn, text: str) -> bool:
    """Take "the volunteer was rude" for what it is: the same steps, with the words said already."""
    words = clean(text, limit=WORDS_LIMIT + 1)
    if not _may_say(turn) or words is None or len(words) > WORDS_LIMIT:
        return False
    if read_need(words).category is not Category.COMPLAINT or not is_between_people(words):
        return False
    start(turn, FORM, {"words": words, "told": True})
    return True


def _may_say(turn: Turn) -> bool:
    return turn.person is not None and any(turn.person.is_approved(kind) for kind in NAMED)


def _about(turn: Turn, press: Press) -> None:
    """The button on the card of a need or of a task; without one, it is asked whom it is about."""
    try:
        find_party(turn.session, now=turn.now, actor=present(turn), need_id=press.id)
    except NotAllowed:
        open_wrong(turn)
        return
    start(turn, FORM, {"whom": f"need{press.id}", "card": True})


def _withdraw(turn: Turn, press: Press) -> None:
    gone = withdraw_complaint(
        turn.session, now=turn.now, actor=present(turn), complaint_id=press.id
    )
    turn.edit("complaint_taken_back", card=gone.card, number=gone.id)


def _show_own(turn: Turn, one: Complaint) -> None:
    buttons = [[one.button("withdraw")]] if one.state == "open" else []
    turn.say(
        "complaint_own",
        buttons=buttons,
        card=one.card,
        number=one.id,
        what=one.label,
        owner=one.owner,
    )


def _asks_whom(_turn: Turn, answers: Answers) -> bool:
    return not answers.get("card")


def _whom(turn: Turn, _answers: Answers) -> Sequence[Option]:
    actor = present(turn)
    found = [_option(turn, one) for one in list_parties(turn.session, now=turn.now, actor=actor)]
    found += [
        Option(f"staff{one}", "complaint.staff", {"name": name})
        for one, name in list_staff(turn.session, actor=actor)
    ]
    return [*found, Option(OTHER, "complaint.somebody")]


def _option(turn: Turn, party: Party) -> Option:
    day = turn.session.house.local(party.at)
    facts: dict[str, Fact] = {"month": str(day.month), "day": str(day.day)}
    facts["category"] = turn.wording.label(f"category.{party.category}", language=turn.language)
    value = f"need{party.need_id}"
    if party.name is None:
        return Option(value, "complaint.task", facts)
    return Option(value, "complaint.task_of", facts | {"name": party.name})


def _party(turn: Turn, answers: Answers) -> Party:
    """Whom it is about, read from the database again: the form only holds a number."""
    actor, whom = present(turn), str(answers["whom"])
    if whom.startswith("need"):
        need_id = int(whom.removeprefix("need"))
        return find_party(turn.session, now=turn.now, actor=actor, need_id=need_id)
    if whom.startswith("staff"):
        person_id = int(whom.removeprefix("staff"))
        return staff_party(turn.session, now=turn.now, actor=actor, person_id=person_id)
    return nobody_named(now=turn.now, actor=actor)


def _what(turn: Turn, answers: Answers) -> Sequence[Option]:
    side = _party(turn, answers).side
    return [Option(key, f"wrong.{side.value}_{key}") for key in WRONGS[side]]


def _asks_words(_turn: Turn, answers: Answers) -> bool:
    return not answers.get("told")


def _whom_facts(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    party = _party(turn, answers)
    return {"name": party.name}


def _words(_turn: Turn, text: str) -> str:
    return words_within(text, limit=WORDS_LIMIT, problem="need")


def _review_facts(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    party = _party(turn, answers)
    wrong = WRONGS[party.side][str(answers["what"])]
    shown = numbers_to_report(turn.session) if wrong.serious else []
    words = answers.get("words")
    return {
        "name": party.name,
        "apart": party.reported_id is not None and party.need_id is not None,
        "what": f"{party.side.value}_{wrong.key}",
        "words": words if isinstance(words, str) else "",
        "serious": wrong.serious,
        "duty_keys": [one.key.value for one in shown],
        "duty_digits": [one.number for one in shown],
    }


def _review(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return (Option("send", "complaint.send"), Option("change", "complaint.change"))


def _finish(turn: Turn, answers: Answers) -> None:
    close_card(turn.session, chat_id=turn.chat_id, card=FORM_CARD)
    if answers["review"] == "change":
        kept = {"whom": answers["whom"], "card": True} if answers.get("card") else {}
        start(turn, FORM, kept)
        return
    words = answers.get("words")
    said = state_complaint(
        turn.session,
        now=turn.now,
        actor=present(turn),
        party=_party(turn, answers),
        what=str(answers["what"]),
        words=words if isinstance(words, str) else "",
    )
    shown = numbers_to_report(turn.session) if said.wrong.serious else []
    turn.say(
        "complaint_sent",
        buttons=[[said.button("withdraw")]] if said.state == "open" else [],
        card=said.card,
        number=said.id,
        apart=said.reported_id is not None and said.need_id is not None,
        office=said.to_office,
        serious=said.wrong.serious,
        due_at=said.due_at.isoformat() if said.due_at else None,
        duty_keys=[one.key.value for one in shown],
        duty_digits=[one.number for one in shown],
    )


FORM = Form(
    topic="complaint",
    questions=(
        Question("whom", "ask_complaint_whom", options=_whom, applies=_asks_whom),
        Question("what", "ask_complaint_what", options=_what, facts=_whom_facts),
        Question("words", "ask_complaint_words", _words, may_skip=True, applies=_asks_words),
        Question("review", "ask_complaint_review", options=_review, facts=_review_facts),
    ),
    finish=_finish,
)

ACTS = {"about": _about, "withdraw": _withdraw}
