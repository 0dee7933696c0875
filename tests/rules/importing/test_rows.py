"""A whole row: values of the register, or every reason with its column."""

from datetime import date
from typing import Any

import pytest

from storage.rules.fields import Register
from storage.rules.importing.rows import Context, RowReading, read_row

CONTEXT = Context(
    register=Register.RESIDENT,
    communities={"青山村": 1, "双河村": 2},
    today=date(2026, 11, 25),
)
# Area 500299 is nowhere: these people do not exist.
NUMBER = "50029919450307018211"


def read(context: Context = CONTEXT, **cells: Any) -> RowReading:
    return read_row(list(cells.values()), dict(enumerate(cells)), context)


def why(reading: RowReading) -> list[tuple[str, int | None]]:
    return [(reason.key, reason.column) for reason in reading.reasons]


def test_a_good_row_becomes_values_of_the_register() -> None:
    reading = read(
        name="陈 素芬",
        community="青山",
        phone=10012345678.0,
        certificate_number=NUMBER,
        lives_alone="是",
        marital="丧偶",
        welfare="低保、脱贫户",
        household_size=1.0,
        remarks="  腿脚不便 ",
    )
    assert reading.reasons == []
    assert reading.values == {
        "name": "陈素芬",
        "community": 1,
        "phone": "+8610012345678",
        "certificate_number": NUMBER,
        "id_number": NUMBER[:18],
        "born_on": "1945-03-07",
        "sex": "female",
        "category": "visual",
        "grade": "1",
        "lives_alone": True,
        "marital": "widowed",
        "welfare": ["dibao", "relieved"],
        "household_size": 1,
        "remarks": "腿脚不便",
    }


def test_empty_cells_and_words_for_nothing_leave_no_value() -> None:
    reading = read(name="陈素芬", phone="无", born_on="不详", remarks=None, subsidies="无")
    assert reading.reasons == []
    assert reading.values == {"name": "陈素芬", "subsidies": ["none"]}


def test_each_bad_cell_is_named_with_its_column() -> None:
    reading = read(
        name="陈素芬",
        community="月球村",
        phone="120",
        born_on="2026/2/30",
        certificate_number=5.00299e19,
        grade="五级",
        address="#REF!",
    )
    assert why(reading) == [
        ("community_unknown", 1),
        ("phone_emergency_number", 2),
        ("date_impossible", 3),
        ("number_eaten", 4),
        ("grade_unreadable", 5),
        ("formula_error", 6),
    ]


@pytest.mark.parametrize(
    ("field", "cell", "reason"),
    [
        ("born_on", "1945-03-08", "born_on_differs"),
        ("born_on", "1945.04", "born_on_differs"),
        ("sex", "男", "sex_differs"),
        ("category", "听力", "category_differs"),
        ("grade", "二级", "grade_differs"),
        ("id_number", "500299195811129013", "id_number_differs"),
    ],
)
def test_what_the_certificate_says_otherwise_is_asked_back(
    field: str, cell: str, reason: str
) -> None:
    reading = read(CONTEXT, name="陈素芬", certificate_number=NUMBER, **{field: cell})
    assert why(reading) == [(reason, 2)]


def test_a_month_that_fits_the_certificate_is_made_whole() -> None:
    reading = read(name="陈素芬", certificate_number=NUMBER, born_on="1945年3月")
    assert reading.reasons == []
    assert reading.values["born_on"] == "1945-03-07"


def test_a_wrong_check_digit_warns_and_does_not_hold_the_row_back() -> None:
    reading = read(name="陈素芬", certificate_number="50029919450307018011")
    assert reading.reasons == []
    assert [(one.key, one.column) for one in reading.warnings] == [("check_digit_wrong", 1)]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("50029919450307018281", "certificate_category"),
        ("50029919450307018215", "certificate_grade"),
        ("50029919730229306863", "certificate_no_such_day"),
        ("500299194503070182", "certificate_length"),
    ],
)
def test_a_number_that_cannot_be_says_why(number: str, reason: str) -> None:
    assert why(read(name="陈素芬", certificate_number=number)) == [(reason, 1)]


def test_a_row_without_a_name_is_no_person() -> None:
    assert why(read(name=None, community="青山村")) == [("name_missing", 0)]


def test_the_community_of_the_sheet_counts_where_there_is_no_column() -> None:
    context = Context(CONTEXT.register, CONTEXT.communities, CONTEXT.today, community=2)
    assert read(context, name="陈素芬").values["community"] == 2


def test_an_address_that_names_the_community_counts_where_nothing_else_does() -> None:
    assert read(name="陈素芬", address="桂阳街道青山村3组").values["community"] == 1
    assert read(name="陈素芬", community="", address="双河村1组").values["community"] == 2
    assert "community" not in read(name="陈素芬", address="月球村3组").values
    said = read(name="陈素芬", community="双河村", address="青山村3组")
    assert said.values["community"] == 2
    unknown = read(name="陈素芬", community="月球村", address="青山村3组")
    assert why(unknown) == [("community_unknown", 1)]
    context = Context(CONTEXT.register, CONTEXT.communities, CONTEXT.today, community=2)
    assert read(context, name="陈素芬", address="青山村3组").values["community"] == 2


def test_both_category_and_grade_may_stand_in_one_column() -> None:
    values = read(name="陈素芬", category="肢体残疾二级").values
    assert (values["category"], values["grade"]) == ("physical", "2")
    assert why(read(name="陈素芬", category="肢体二级", grade="三级")) == [("grade_differs", 2)]


def test_a_volunteer_is_read_with_skills_and_times() -> None:
    context = Context(Register.VOLUNTEER, CONTEXT.communities, CONTEXT.today)
    reading = read(context, name="张强", skills="理发、代购", times="周末", phone="10012345679")
    assert reading.reasons == []
    assert reading.values["skills"] == ["haircut", "errands"]


def test_what_excel_left_of_a_volunteers_number_is_never_kept() -> None:
    context = Context(Register.VOLUNTEER, CONTEXT.communities, CONTEXT.today)
    for eaten in ("5.00299E+17", 5.0029919720229306e17):
        assert why(read(context, name="张强", id_number=eaten)) == [("number_eaten", 1)]
    assert read(context, name="张强", id_number="护照E12345678").values["id_number"]


def test_skills_and_times_are_read_as_offices_write_them() -> None:
    context = Context(Register.VOLUNTEER, CONTEXT.communities, CONTEXT.today)
    reading = read(context, name="张强", skills="理发 代购　陪同就医", times="周六/下班后")
    assert reading.reasons == []
    assert reading.values["skills"] == ["haircut", "errands", "escort"]
    assert reading.values["times"] == ["weekend", "weekday_evening"]
    assert why(read(context, name="张强", skills="理发 开飞机")) == [("choice_unknown", 1)]


def test_of_two_phones_one_is_kept_and_the_row_says_so() -> None:
    reading = read(name="陈素芬", phone="10012345678/10012345679")
    assert reading.values["phone"] == "+8610012345678"
    assert [one.key for one in reading.warnings] == ["phone_more"]
