"""Every line of the list, of whatever kind, has its words and opens something."""

import pytest

from handlers.registry import PRESSES
from handlers.turn import Press
from messages.render import LANGUAGES, Wording
from storage.office.kinds import KINDS, Kind
from tests.handlers.joining.door import Door

WORDING = Wording(zone="Asia/Shanghai")
WANG = 1


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_a_line_is_worded_and_its_button_has_a_conversation(kind: Kind) -> None:
    press = Press.parse(kind.opens)
    assert press is not None
    assert press.topic in PRESSES
    for language in LANGUAGES:
        assert "{n}" in WORDING.label(f"waiting.{kind.key}", language=language, facts={"n": "{n}"})
        assert WORDING.label(f"office.{kind.key}", language=language)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.key)
def test_the_button_of_a_line_opens_it_for_the_office(door: Door, kind: Kind) -> None:
    shown = door.press_data(WANG, kind.opens)
    assert shown
    assert "找不到这件事" not in shown
    assert "按钮" not in shown
