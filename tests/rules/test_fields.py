"""The catalogue of the registers' columns: found by header, options by any word for them."""

import pytest

from messages.render import LANGUAGES, Wording
from storage.rules.certificate import CertificateState, DisabilityCategory, Sex
from storage.rules.fields import (
    FIELDS,
    OPTIONS,
    Field,
    Kind,
    Register,
    find_by_header,
    get_field,
    plain,
)
from storage.rules.skills import Skill, TimeSlot

EVERY = [field for register in Register for field in FIELDS[register].values()]
WORDING = Wording(zone="Asia/Shanghai")


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("姓名", "name"),
        (" 姓  名 ", "name"),
        ("Name", "name"),
        ("残疾证号", "certificate_number"),
        ("村(社区)", "community"),
        ("村（社区）", "community"),
        ("联系电话", "phone"),
        ("现居住地址", "address"),
        ("是否一户多残", "several_disabled"),
        ("低保/特困/低收入/监测对象", "welfare"),
    ],
)
def test_a_header_is_known_by_its_words(header: str, key: str) -> None:
    found = find_by_header(Register.RESIDENT, header)
    assert found is not None
    assert found.key == key


def test_an_unknown_header_is_nobodys() -> None:
    assert find_by_header(Register.RESIDENT, "星座") is None
    with pytest.raises(LookupError):
        get_field(Register.RESIDENT, "zodiac")


@pytest.mark.parametrize("register", Register)
def test_no_two_columns_answer_to_one_name(register: Register) -> None:
    for language in LANGUAGES:
        names = [plain(getattr(field, language)) for field in FIELDS[register].values()]
        assert len(set(names)) == len(names)
    for field in FIELDS[register].values():
        assert find_by_header(register, field.zh) is field
        assert find_by_header(register, field.en) is field


@pytest.mark.parametrize("field", EVERY, ids=lambda field: f"{field.register}-{field.key}")
def test_only_choices_have_options_and_each_is_known_by_all_its_words(field: Field) -> None:
    assert bool(field.options) == (field.kind in (Kind.CHOICE, Kind.LIST))
    for option in field.options:
        for word in (option.key, option.zh, option.en, *option.aliases):
            assert field.find_option(word) is option, f"{word} is two things"
    assert field.find_option("没有这个词") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chat_calls_each_column_and_option_as_the_sheets_do(language: str) -> None:
    for field in EVERY:
        label = WORDING.label(f"{field.register}_field.{field.key}", language=language)
        assert label == getattr(field, language)
    for name, options in OPTIONS.items():
        for option in options:
            label = WORDING.label(f"choice.{name}.{option.key}", language=language)
            assert label == getattr(option, language)


def test_the_keys_are_those_of_the_other_rules() -> None:
    def keys(name: str) -> list[str]:
        return [option.key for option in OPTIONS[name]]

    assert keys("category") == list(DisabilityCategory)
    assert keys("sex") == list(Sex)
    assert keys("certificate_state") == list(CertificateState)
    assert keys("skills") == list(Skill)
    assert keys("times") == list(TimeSlot)
    assert keys("grade") == ["1", "2", "3", "4"]
