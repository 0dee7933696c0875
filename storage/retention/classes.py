"""The classes of the retention table as conditions: which rows of which table are over their time.

What is sealed and may not be missing is replaced by sealed nothing, which has one known length.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, exists, func, or_, select

from storage.tables import (
    alarm,
    call_back,
    call_note,
    call_record,
    check_in_plan,
    choice,
    claim,
    complaint,
    consent,
    dialogue,
    file,
    guidance,
    home_access,
    home_visit,
    import_batch,
    import_row,
    invitation,
    life_change,
    look,
    need,
    need_detail,
    need_media,
    need_series,
    organisation_link,
    outbox,
    pair,
    pair_log,
    person,
    question,
    referral,
    reopening,
    role,
    statement,
    survey_answer,
    survey_round,
    tie,
    to_tell,
    verification,
    visit_word,
    wrong_code,
)

# Head, nonce and tag of AES-GCM around an empty text.
SEALED_NOTHING = 30

Condition = Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One class: its table, the columns that are wiped (none: the row goes), and which rows."""

    table: Table
    columns: tuple[str, ...]
    is_over: Condition
    # Columns that get a value of their own when the others are wiped.
    also: Mapping[str, object] = field(default_factory=dict)


def _has_words(column: Any) -> ColumnElement[bool]:
    return and_(column.is_not(None), func.length(column) > SEALED_NOTHING)


def _gone(before: datetime) -> ColumnElement[bool]:
    """Of whom no role is left there are still ways to reach them."""
    known = (person.c.phone, person.c.address, person.c.door_words)
    return and_(or_(*(one.is_not(None) for one in known)), _has_left(person.c.id, before))


def _has_left(person_id: Any, before: datetime) -> ColumnElement[bool]:
    """No role is left, and the last one ended so long ago."""
    mine = role.c.person_id == person_id
    return and_(
        exists().where(mine, role.c.state == "ended"),
        ~exists().where(mine, role.c.state.in_(("waiting", "approved"))),
        ~exists().where(mine, role.c.decided_at >= before),
    )


def _no_live_consent(before: datetime) -> ColumnElement[bool]:
    mine = consent.c.statement_id == statement.c.id
    return and_(
        _has_words(statement.c.words),
        statement.c.created_at < before,
        ~exists().where(mine, consent.c.withdrawn_at.is_(None)),
        ~exists().where(mine, consent.c.withdrawn_at >= before),
    )


_is_media = and_(file.c.purpose.in_(("need_voice", "need_photo")), file.c.body.is_not(None))
_WIPED: Mapping[str, object] = MappingProxyType({"state": "wiped", "name": ""})


def _ended(before: datetime) -> Select[Any]:
    return select(need.c.id).where(need.c.ended_at < before)


def _media_words(before: datetime) -> ColumnElement[bool]:
    """Of ended needs, and of what never became one."""
    loose = and_(need_media.c.need_id.is_(None), need_media.c.created_at < before)
    return and_(
        _has_words(need_media.c.transcript), or_(loose, need_media.c.need_id.in_(_ended(before)))
    )


def _referral_words(before: datetime) -> ColumnElement[bool]:
    kept = (referral.c.question, referral.c.answer, referral.c.words)
    return and_(referral.c.ended_at < before, or_(*(one.is_not(None) for one in kept)))


def _of_ended_needs(before: datetime) -> Select[Any]:
    return (
        select(need_media.c.file_id)
        .join(need, need.c.id == need_media.c.need_id)
        .where(need.c.ended_at < before)
    )


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "need_words": Kind(
            need,
            ("words",),
            lambda before: and_(need.c.ended_at < before, _has_words(need.c.words)),
        ),
        "need_details": Kind(
            need_detail,
            (),
            lambda before: need_detail.c.need_id.in_(
                select(need.c.id).where(need.c.ended_at < before)
            ),
        ),
        "need_media": Kind(
            file,
            ("body",),
            lambda before: and_(_is_media, file.c.id.in_(_of_ended_needs(before))),
            also=_WIPED,
        ),
        "loose_media": Kind(
            file,
            ("body",),
            lambda before: and_(
                _is_media,
                file.c.id.in_(
                    select(need_media.c.file_id).where(
                        need_media.c.need_id.is_(None), need_media.c.created_at < before
                    )
                ),
            ),
            also=_WIPED,
        ),
        "media_words": Kind(need_media, ("transcript",), _media_words),
        "verification_words": Kind(
            verification,
            ("reason",),
            lambda before: and_(
                verification.c.reason.is_not(None), verification.c.need_id.in_(_ended(before))
            ),
        ),
        "referral_words": Kind(referral, ("question", "answer", "words"), _referral_words),
        "home_access": Kind(
            home_access, (), lambda before: _has_left(home_access.c.person_id, before)
        ),
        "series_words": Kind(
            need_series,
            ("words",),
            lambda before: and_(need_series.c.ended_at < before, _has_words(need_series.c.words)),
        ),
        "question_words": Kind(
            question,
            ("words", "reply"),
            lambda before: and_(
                question.c.ended_at < before,
                or_(_has_words(question.c.words), question.c.reply.is_not(None)),
            ),
        ),
        "complaint_words": Kind(
            complaint,
            ("words", "note"),
            lambda before: and_(
                complaint.c.ended_at < before,
                or_(_has_words(complaint.c.words), complaint.c.note.is_not(None)),
            ),
        ),
        "home_visit_records": Kind(
            home_visit,
            ("record",),
            lambda before: and_(home_visit.c.created_at < before, _has_words(home_visit.c.record)),
        ),
        "guidance_notes": Kind(
            guidance,
            ("notes",),
            lambda before: and_(guidance.c.created_at < before, _has_words(guidance.c.notes)),
        ),
        "link_notes": Kind(
            organisation_link,
            ("note",),
            lambda before: and_(
                organisation_link.c.ended_at < before, organisation_link.c.note.is_not(None)
            ),
        ),
        "visit_notes": Kind(
            claim,
            ("note", "door_words"),
            lambda before: and_(
                claim.c.ended_at < before,
                or_(claim.c.note.is_not(None), claim.c.door_words.is_not(None)),
            ),
        ),
        "visit_words": Kind(
            visit_word,
            ("words",),
            lambda before: and_(visit_word.c.written_at < before, visit_word.c.words.is_not(None)),
        ),
        "call_back_words": Kind(
            call_back,
            ("words",),
            lambda before: and_(call_back.c.done_at < before, call_back.c.words.is_not(None)),
        ),
        "reopening_words": Kind(
            reopening,
            ("words",),
            lambda before: and_(reopening.c.reopened_at < before, reopening.c.words.is_not(None)),
        ),
        "alarm_words": Kind(
            alarm,
            ("words",),
            lambda before: and_(
                alarm.c.state == "closed",
                alarm.c.created_at < before,
                _has_words(alarm.c.words),
            ),
        ),
        "call_words": Kind(
            call_record,
            ("words",),
            lambda before: and_(
                call_record.c.reported_at < before, call_record.c.words.is_not(None)
            ),
        ),
        "call_notes": Kind(
            call_note,
            ("facts",),
            lambda before: and_(call_note.c.written_at < before, call_note.c.facts.is_not(None)),
        ),
        "pair_words": Kind(
            pair_log,
            ("words",),
            lambda before: and_(
                pair_log.c.words.is_not(None),
                exists().where(pair.c.id == pair_log.c.pair_id, pair.c.ended_at < before),
            ),
        ),
        "tie_words": Kind(
            tie,
            ("gives_back", "override"),
            lambda before: and_(
                or_(tie.c.gives_back.is_not(None), tie.c.override.is_not(None)),
                exists().where(pair.c.id == tie.c.pair_id, pair.c.ended_at < before),
            ),
        ),
        "pair_notes": Kind(
            pair,
            ("words",),
            lambda before: and_(pair.c.ended_at < before, pair.c.words.is_not(None)),
        ),
        "survey_words": Kind(
            survey_answer,
            ("answers", "draft"),
            lambda before: and_(
                or_(survey_answer.c.answers.is_not(None), survey_answer.c.draft.is_not(None)),
                exists().where(
                    survey_round.c.id == survey_answer.c.round_id,
                    survey_round.c.state == "closed",
                    survey_round.c.closes_at < before,
                ),
            ),
        ),
        "plan_contacts": Kind(
            check_in_plan,
            ("contact_phone", "contact_name"),
            lambda before: and_(
                check_in_plan.c.state == "ended",
                check_in_plan.c.created_at < before,
                or_(
                    check_in_plan.c.contact_phone.is_not(None),
                    check_in_plan.c.contact_name.is_not(None),
                ),
            ),
        ),
        "life_changes": Kind(life_change, (), lambda before: life_change.c.until < before.date()),
        "told_by_mouth": Kind(
            to_tell,
            ("facts",),
            lambda before: and_(to_tell.c.done_at < before, to_tell.c.facts.is_not(None)),
        ),
        "outbox_rows": Kind(outbox, (), lambda before: outbox.c.sent_at < before),
        "half_forms": Kind(dialogue, (), lambda before: dialogue.c.updated_at < before),
        "old_buttons": Kind(choice, (), lambda before: ~choice.c.open),
        "invitations": Kind(invitation, (), lambda before: invitation.c.expires_at < before),
        "wrong_codes": Kind(
            wrong_code,
            (),
            lambda before: and_(
                wrong_code.c.since < before,
                or_(wrong_code.c.closed_until.is_(None), wrong_code.c.closed_until < before),
            ),
        ),
        "import_rows": Kind(
            import_row,
            ("content", "undo"),
            lambda before: and_(
                import_row.c.batch_id.in_(
                    select(import_batch.c.id).where(import_batch.c.created_at < before)
                ),
                or_(import_row.c.content.is_not(None), import_row.c.undo.is_not(None)),
            ),
        ),
        "people_gone": Kind(person, ("phone", "phone_key", "address", "door_words"), _gone),
        "statements": Kind(statement, ("words",), _no_live_consent),
        "child_looks": Kind(
            look,
            ("reason",),
            lambda before: and_(look.c.created_at < before, _has_words(look.c.reason)),
        ),
    }
)
