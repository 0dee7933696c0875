"""Within: whom somebody of the office sees, as a condition on whatever names a person."""

from sqlalchemy import ColumnElement, true

from storage.people import Person


def within(actor: Person, person_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether the person behind ``person_id`` is among those whom the actor sees."""
    return true()
