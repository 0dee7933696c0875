"""Whether the keys at hand open what is in the database."""

from sqlalchemy import select

from storage.database import Session
from storage.tables import outbox, person
from storage.vault import VaultError


def check_keys(session: Session) -> None:
    """Raise VaultError when the newest sealed values do not open.

    A lost key file is made anew at the next start; going on with it would mix two registers.
    """
    phone = session.find(
        select(person.c.uid, person.c.phone)
        .where(person.c.phone.is_not(None))
        .order_by(person.c.id.desc())
        .limit(1)
    )
    message = session.find(
        select(outbox.c.key, outbox.c.facts)
        .where(outbox.c.facts.is_not(None))
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    try:
        if phone is not None:
            session.vault.unseal(phone.phone, place=f"person.phone:{phone.uid}")
        if message is not None:
            session.vault.unseal(message.facts, place=f"outbox:{message.key}")
    except VaultError as error:
        raise VaultError(
            "the key file does not open this database; put back the copy that belongs to it"
        ) from error
