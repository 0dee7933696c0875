"""Filling a sheet in: one form for each register, of which a round asks a part."""

import json
from collections.abc import Mapping, Sequence

from handlers.dialogue import Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.doors import present
from handlers.surveys.going_round import show_next
from handlers.surveys.values import (
    NO,
    RATHER_NOT,
    YES,
    in_words,
    name_of,
    progress,
    question_of,
    value_of,
)
from handlers.turn import Turn, press_data
from storage.choices import Button
from storage.dialogues import Answers
from storage.refusals import Fact
from storage.rules.fields import Register, get_field
from storage.rules.surveys import QUESTIONS, Channel, fields_of
from storage.surveys import HandedIn, Kept, Sheet, keep_answers, open_sheet, save_draft


def fill_in(turn: Turn, answer_id: int, channel: Channel, *, place: str = "") -> None:
    """Open the sheet of a person, where this hand left it."""
    sheet = open_sheet(
        turn.session, now=turn.now, actor=present(turn), answer_id=answer_id, channel=channel
    )
    form = FORMS[sheet.register]
    answers = _begin(sheet, channel, place)
    asked = [*sheet.fields, *(f"q{at}" for at in range(len(sheet.questions)))]
    left = next((key for key in asked if key not in answers), asked[-1])
    lead, facts = None, dict[str, Fact]()
    if sheet.draft:
        lead = "survey_goes_on"
    elif sheet.told_by is not None and sheet.told_at is not None and sheet.state == "answered":
        lead = "survey_answered_before"
        facts = {"by": sheet.told_by, "told_at": sheet.told_at.isoformat()}
    start(turn, form, answers, at=left, lead=lead, facts=facts)


def _begin(sheet: Sheet, channel: Channel, place: str) -> Answers:
    known = {key: value for key, value in sheet.known.items() if value is not None}
    said = {key: sheet.draft[key] for key in sheet.draft if key not in FIXED}
    return said | {
        "answer": sheet.answer_id,
        "round": sheet.round_id,
        "register": sheet.register.value,
        "seen": sheet.draft.get("seen", sheet.seen),
        "fields": list(sheet.fields),
        "own": list(sheet.questions),
        "name": None if sheet.own else sheet.name,
        "known": json.dumps(known, ensure_ascii=False),
        "channel": channel.value,
        "place": place,
    }


# What a sheet is begun with; everything else has been said.
FIXED = frozenset(
    {
        *("answer", "round", "register", "seen", "fields"),
        *("own", "name", "known", "channel", "place"),
    }
)


def _keep(turn: Turn, answers: Answers) -> None:
    save_draft(
        turn.session, actor=present(turn), answer_id=_number(answers, "answer"), answers=answers
    )


def _number(answers: Answers, key: str) -> int:
    value = answers.get(key)
    return value if isinstance(value, int) else 0


def _list(answers: Answers, key: str) -> list[str]:
    value = answers.get(key)
    return value if isinstance(value, list) else []


def _finish(turn: Turn, answers: Answers) -> None:
    fields = _list(answers, "fields")
    replies = {str(at): answers.get(f"q{at}") for at in range(QUESTIONS)}
    channel = Channel(str(answers["channel"]))
    kept = keep_answers(
        turn.session,
        now=turn.now,
        actor=present(turn),
        answer_id=_number(answers, "answer"),
        seen=_number(answers, "seen"),
        handed_in=HandedIn(
            values={key: value_of(answers, key) for key in fields},
            declined=[key for key in fields if _is_declined(answers.get(key))],
            replies={
                at: "yes" if said == YES else "no"
                for at, said in replies.items()
                if said in (YES, NO)
            },
        ),
        channel=channel,
    )
    own = answers.get("name") is None
    if kept.conflicts:
        _show_both(turn, kept, _number(answers, "answer"), own=own)
    if channel is Channel.CHAT:
        if not kept.conflicts:
            turn.say("survey_thanks", keyboard="menu", card=FORM_CARD)
        return
    show_next(
        turn,
        round_id=kept.round_id,
        place=str(answers["place"]),
        channel=channel,
        after=_number(answers, "answer"),
        done=kept.name,
    )


def _is_declined(said: Fact) -> bool:
    return said == RATHER_NOT or (isinstance(said, list) and RATHER_NOT in said)


def _show_both(turn: Turn, kept: Kept, answer_id: int, *, own: bool) -> None:
    """Somebody was quicker and said otherwise: both are shown, and the later one decides."""
    fields = [get_field(kept.register, one.field) for one in kept.conflicts]
    turn.say(
        "survey_differs",
        buttons=[
            [Button("survey.mine", press_data("survey", "mine", answer_id, 0))],
            [Button("survey.theirs", press_data("survey", "theirs", answer_id, 0))],
        ],
        card=f"survey_differs:{answer_id}",
        whom=None if own else kept.name,
        by=kept.by,
        fields=[name_of(turn, kept.register, field.key) for field in fields],
        before=[
            in_words(turn, field, one.before)
            for field, one in zip(fields, kept.conflicts, strict=True)
        ],
        now=[
            in_words(turn, field, one.now)
            for field, one in zip(fields, kept.conflicts, strict=True)
        ],
    )


def _own_question(at: int) -> Question:
    def applies(_turn: Turn, answers: Answers) -> bool:
        return at < len(_list(answers, "own"))

    def facts(_turn: Turn, answers: Answers) -> Mapping[str, Fact]:
        here, of = progress(answers, f"q{at}")
        return {
            "text": _list(answers, "own")[at],
            "whom": answers.get("name"),
            "at": here,
            "of": of,
        }

    return Question(
        key=f"q{at}",
        template="ask_survey_own",
        options=_yes_no,
        may_skip=True,
        applies=applies,
        facts=facts,
    )


def _yes_no(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return (
        Option(YES, "survey.yes"),
        Option(NO, "survey.no"),
        Option(RATHER_NOT, "survey.rather_not"),
    )


def _form(register: Register) -> Form:
    return Form(
        topic=f"survey_{register.value}",
        questions=(
            *(question_of(field) for field in fields_of(register)),
            *(_own_question(at) for at in range(QUESTIONS)),
        ),
        finish=_finish,
        keep=_keep,
    )


FORMS: Mapping[Register, Form] = {register: _form(register) for register in Register}
