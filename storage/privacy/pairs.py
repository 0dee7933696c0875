"""Pairs in which a person takes part, and what they said of them, for their own copy."""

from collections.abc import Iterator

from sqlalchemy import select

from storage.database import Session
from storage.privacy.lines import Line
from storage.privacy.unsealing import opened
from storage.tables import organisation, pair, pair_log, person, tie


def list_pairs(session: Session, *, person_id: int) -> Iterator[Line]:
    """The other side by name, known since both said yes; their own words, nobody else's."""
    for mine, theirs, key in (
        (pair.c.resident_id, pair.c.helper_id, "looked_in_by"),
        (pair.c.helper_id, pair.c.resident_id, "look_in_on"),
    ):
        rows = session.all(
            select(pair, person.c.name)
            .join(person, theirs == person.c.id)
            .where(mine == person_id, pair.c.agreed_at.is_not(None))
            .order_by(pair.c.id)
        )
        for row in rows:
            # Where a helper once went is not theirs to keep.
            known = key == "looked_in_by" or row.state in ("active", "dormant")
            yield Line(key, row.name if known else None)
            yield Line("pair_kind", row.kind, "pair_kind")
            yield Line("state", row.state, "pair_state")
            yield Line("pair_acts", _acts(row.acts), "pair_act")
            yield Line("frequency", row.frequency, "pair_frequency")
            yield Line("at", row.agreed_at)
            yield Line("words", opened(session, pair.name, "words", row))
    yield from _given(session, person_id=person_id)
    said = select(pair_log).where(pair_log.c.written_by == person_id, pair_log.c.side != "staff")
    for row in session.all(said.order_by(pair_log.c.id)):
        yield Line("at", row.at)
        yield Line("outcome", row.outcome, "pair_outcome")
        yield Line("words", opened(session, pair_log.name, "words", row))


def _given(session: Session, *, person_id: int) -> Iterator[Line]:
    """What they give in turn in mutual help, and the organisations they are tied to."""
    backs = select(tie).join(pair, pair.c.id == tie.c.pair_id)
    theirs = (pair.c.resident_id == person_id, pair.c.agreed_at.is_not(None))
    for row in session.all(backs.where(*theirs, tie.c.gives_back.is_not(None))):
        yield Line("gives_back", opened(session, tie.name, "gives_back", row))
    named = (
        select(pair, organisation.c.name, tie.c.next_on)
        .join(organisation, pair.c.organisation_id == organisation.c.id)
        .outerjoin(tie, tie.c.pair_id == pair.c.id)
    )
    for row in session.all(named.where(*theirs).order_by(pair.c.id)):
        yield Line("organisation", row.name)
        yield Line("pair_kind", row.kind, "pair_kind")
        yield Line("state", row.state, "pair_state")
        yield Line("pair_acts", _acts(row.acts), "pair_act")
        yield Line("frequency", row.frequency, "pair_frequency")
        yield Line("next_on", row.next_on)


def _acts(keys: str) -> list[str]:
    return [key.removeprefix("=") for key in keys.split(",") if key]
