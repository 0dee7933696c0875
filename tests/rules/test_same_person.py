"""When two entries are shown as likely one person, and when they are not."""

from dataclasses import replace

import pytest

from storage.rules.same_person import Entry, Likeness, find_likeness, is_same

CHEN = Entry("陈素芬", 1, phone_key=b"p", born_on="1945-03-07", sex="female")
BARE = Entry("陈素芬", 1)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (CHEN, replace(CHEN, phone_key=b"q"), Likeness.NAME),
        (CHEN, BARE, Likeness.NAME),
        (CHEN, replace(BARE, community_id=None), Likeness.NAME),
        (CHEN, Entry("陈素芳", 2, phone_key=b"p"), Likeness.PHONE),
        (CHEN, Entry("陈素芬", 2, phone_key=b"p"), Likeness.PHONE),
        (
            replace(CHEN, certificate_keys=frozenset({b"c"})),
            Entry("罗德明", 2, certificate_keys=frozenset({b"c"}), sex="male"),
            Likeness.CERTIFICATE,
        ),
        # Two people:
        (CHEN, replace(BARE, community_id=2), None),
        (CHEN, replace(BARE, born_on="1950-01-01"), None),
        (CHEN, replace(BARE, sex="male"), None),
        (CHEN, Entry("罗德明", 1, phone_key=b"p"), None),
        (
            replace(CHEN, household_id=5),
            Entry("陈国庆", 1, phone_key=b"p", household_id=5),
            None,
        ),
    ],
)
def test_what_speaks_for_one_person(one: Entry, other: Entry, why: Likeness | None) -> None:
    assert find_likeness(one, other) is why
    assert find_likeness(other, one) is why


def test_a_month_alone_does_not_speak_against_a_day() -> None:
    assert find_likeness(CHEN, replace(BARE, born_on="1945-03")) is Likeness.NAME
    assert find_likeness(CHEN, replace(BARE, born_on="1945-04")) is None


def test_a_row_of_a_list_is_surely_somebody_only_by_a_second_sign() -> None:
    assert is_same(CHEN, CHEN)
    assert is_same(CHEN, replace(BARE, born_on="1945-03"))
    assert is_same(CHEN, replace(BARE, phone_key=b"p"))
    assert is_same(CHEN, replace(CHEN, community_id=None))
    assert not is_same(CHEN, BARE)
    assert not is_same(CHEN, replace(CHEN, community_id=2))
    assert not is_same(CHEN, replace(CHEN, name="陈素芳"))
    card = frozenset({b"c"})
    assert is_same(
        replace(BARE, certificate_keys=card),
        replace(BARE, community_id=2, certificate_keys=card, born_on="1945-03-08"),
    )
