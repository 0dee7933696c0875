"""What a person answered in survey rounds, for their own copy."""

import json
from collections.abc import Iterator

from sqlalchemy import select

from storage.database import Session
from storage.privacy.lines import OTHERS, Line
from storage.rules.fields import Register, find_field
from storage.tables import survey_answer, survey_round


def answered(session: Session, *, person_id: int) -> Iterator[Line]:
    """Everything that was handed in, round by round."""
    rows = session.all(
        select(survey_answer, survey_round.c.title, survey_round.c.kind, survey_round.c.questions)
        .join(survey_round, survey_round.c.id == survey_answer.c.round_id)
        .where(survey_answer.c.person_id == person_id, survey_answer.c.answers.is_not(None))
        .order_by(survey_answer.c.id)
    )
    for row in rows:
        place = f"survey_answer.answers:{row.uid}"
        questions = json.loads(row.questions)
        for one in json.loads(session.vault.unseal(row.answers, place=place) or "[]"):
            yield Line("survey", row.title)
            yield from _values(row.kind, one.get("values", {}))
            for at, reply in (one.get("replies") or {}).items():
                if reply and at.isdigit() and int(at) < len(questions):
                    yield Line("question", questions[int(at)])
                    yield Line("reply", reply, "copy" if reply in ("yes", "no") else "")


def _values(kind: str, values: dict[str, object]) -> Iterator[Line]:
    for key, value in values.items():
        field = find_field(Register(kind), key)
        known = value if isinstance(value, str | int | list) else None
        shown = bool(known) if key.startswith(OTHERS) else known
        words = f"choice.{field.option_set}" if field and field.option_set else ""
        yield Line(key, shown, words, f"{kind}_field")
