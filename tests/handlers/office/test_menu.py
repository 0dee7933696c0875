"""The standing menu of staff has a key more, which opens the list."""

from tests.handlers.joining.door import Door
from tests.storage.residents import register

WANG = 1


def keyboards(door: Door, chat: int) -> list[str | None]:
    return [parcel.keyboard for parcel in door.got[chat]]


def test_staff_have_a_key_for_the_list_and_others_have_not(door: Door) -> None:
    with door.database.transaction() as session:
        register(session, now=door.now, name="张强", roles=("volunteer",), chat=21)
    for chat in (WANG, 21):
        door.type(chat, "/help")
    assert keyboards(door, WANG) == ["menu_staff"]
    assert keyboards(door, 21) == ["menu"]
    assert "都处理完了" in door.type(WANG, "办公")
    assert "都处理完了" in door.type(WANG, "Office")
    assert door.type(21, "办公") == door.type(21, "/nosuch")
