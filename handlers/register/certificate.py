"""The certificate number: typed, shown for comparing with the card, then kept; its state moved."""

from collections.abc import Mapping, Sequence
from datetime import date

from handlers.dialogue import BadAnswer, Form, Option, Question, start
from handlers.dialogue.engine import CARD as FORM_CARD
from handlers.register.answers import read_date
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.consents import has_consent
from storage.dialogues import Answers
from storage.looks import check_look
from storage.refusals import Fact, NotAllowed, TooLate
from storage.registers import (
    Certificate,
    change_certificate_state,
    check_staff,
    find_certificate,
    get_certificate,
    list_same_number,
    record_certificate,
)
from storage.rules.ages import read_day
from storage.rules.certificate import (
    CertificateNumber,
    CertificateState,
    may_become,
    read_certificate,
)
from storage.rules.masks import mask_certificate
from storage.rules.purposes import Purpose

AS_PRINTED = "as_printed"
# Renewed ones come with a new card, so they are entered anew.
MOVES = (CertificateState.VALID, CertificateState.FROZEN, CertificateState.CANCELLED)


def press_certificate(turn: Turn, press: Press) -> None:
    """See where it stands, enter a number, or move its state; ending it is asked about twice."""
    if turn.person is None:
        raise NotAllowed
    if press.act == "move" and press.extra == CertificateState.CANCELLED:
        _ask_sure(turn, press)
        return
    if press.act in ("move", "end"):
        _move(turn, press)
        return
    check_staff(turn.session, actor=turn.person, person_id=press.id)
    check_look(turn.session, now=turn.now, actor=turn.person, person_id=press.id)
    if press.act == "enter":
        start(turn, FORM, {"person": str(press.id)})
    elif press.act == "see":
        known = find_certificate(turn.session, person_id=press.id)
        if known is None:
            start(turn, FORM, {"person": str(press.id)})
        else:
            _show(turn, known)
    else:
        raise TooLate


def _show(turn: Turn, one: Certificate) -> None:
    moves = [
        Button(
            f"certificate.{state}",
            press_data("certificate", "move", one.id, one.version, state.value),
        )
        for state in MOVES
        if may_become(one.state, state)
        and (state is not CertificateState.VALID or one.state is CertificateState.FROZEN)
    ]
    turn.say(
        "certificate_card",
        buttons=[
            [Button("certificate.enter", press_data("certificate", "enter", one.person_id, 0))],
            *([moves] if moves else []),
            [Button("person.back", press_data("person", "see", one.person_id, 0))],
        ],
        card=f"certificate:{one.person_id}",
        number=mask_certificate(one.number),
        state=one.state.value,
        issued_on=one.issued_on.isoformat() if one.issued_on else None,
        expires_on=one.expires_on.isoformat() if one.expires_on else None,
        as_printed=one.check_confirmed,
    )


def _ask_sure(turn: Turn, press: Press) -> None:
    """Nothing leads back from there, and allowances hang on a valid certificate."""
    if turn.person is None:
        raise NotAllowed
    known = get_certificate(turn.session, actor=turn.person, certificate_id=press.id)
    if known.version != press.version:
        raise TooLate
    end = press_data("certificate", "end", known.id, known.version, CertificateState.CANCELLED)
    turn.edit(
        "certificate_end_sure",
        buttons=[
            [Button("certificate.end", end)],
            [Button("certificate.keep", press_data("certificate", "see", known.person_id, 0))],
        ],
        card=f"certificate:{known.person_id}",
        number=mask_certificate(known.number),
    )


def _move(turn: Turn, press: Press) -> None:
    if turn.person is None or press.extra not in set(CertificateState):
        raise TooLate
    moved = change_certificate_state(
        turn.session,
        now=turn.now,
        actor=turn.person,
        certificate_id=press.id,
        version=press.version,
        state=CertificateState(press.extra),
        ground="staff",
    )
    _show(turn, moved)


def _today(turn: Turn) -> date:
    return turn.session.house.local(turn.now).date()


def _check_number(turn: Turn, text: str) -> Fact:
    read = read_certificate(text, today=_today(turn))
    if not isinstance(read, CertificateNumber):
        raise BadAnswer("certificate", problem=read.value)
    return read.number


def _read(turn: Turn, answers: Answers) -> CertificateNumber:
    read = read_certificate(str(answers["number"]), today=_today(turn))
    if not isinstance(read, CertificateNumber):
        raise TooLate
    return read


def _what_it_says(turn: Turn, answers: Answers) -> Mapping[str, Fact]:
    read = _read(turn, answers)
    person_id = int(str(answers["person"]))
    known = find_certificate(turn.session, person_id=person_id)
    same = [one for one in list_same_number(turn.session, number=read.number) if one != person_id]
    return {
        "number": read.number,
        "category": read.category.value,
        "grade": str(read.grade),
        "born_on": read.identity.born_on.isoformat(),
        "sex": read.identity.sex.value,
        "reissue": read.reissue,
        "check_right": read.check_right,
        "replaces": known is not None and known.number != read.number,
        "same": len(same),
        "agreed": has_consent(
            turn.session,
            person_id=person_id,
            purpose=Purpose.RECORD_DISABILITY,
            now=turn.now,
        ),
    }


def _offer_confirm(turn: Turn, answers: Answers) -> Sequence[Option]:
    right = _read(turn, answers).check_right
    return [
        Option("yes", "certificate.yes") if right else Option(AS_PRINTED, "certificate.printed")
    ]


def _check_issued(turn: Turn, text: str) -> Fact:
    issued = read_date(text, today=_today(turn), past=True)
    if read_day(issued) is None or len(issued) < len("2020-01-01"):
        raise BadAnswer("date")
    return issued


def _finish(turn: Turn, answers: Answers) -> None:
    if turn.person is None:
        raise NotAllowed
    issued_on = read_day(answers["issued"])
    kept = record_certificate(
        turn.session,
        now=turn.now,
        actor=turn.person,
        person_id=int(str(answers["person"])),
        number=str(answers["number"]),
        ground="card",
        issued_on=issued_on,
        seen_on_card=answers["confirm"] == AS_PRINTED,
    )
    turn.say(
        "certificate_kept",
        buttons=[[Button("person.back", press_data("person", "see", kept.person_id, 0))]],
        card=FORM_CARD,
        number=mask_certificate(kept.number),
        expires_on=kept.expires_on.isoformat() if kept.expires_on else None,
    )


FORM = Form(
    topic="certificate",
    questions=(
        Question(key="number", template="ask_certificate_number", check=_check_number),
        Question(
            key="confirm",
            template="ask_certificate_right",
            options=_offer_confirm,
            facts=_what_it_says,
        ),
        Question(
            key="issued", template="ask_certificate_issued", check=_check_issued, may_skip=True
        ),
    ),
    finish=_finish,
)
