"""What stands beside the contact data of a visit: the place only with the resident's own yes."""

from handlers.needs.cards import details_for
from storage.rules.details import Access, Details, Place, lines_of

TOLD = Details(
    place=Place.GROUP,
    group_code="三组",
    words="枇杷树下",
    point=(30.12345, 107.12345),
    access=(Access.STAIRS, Access.DEAF),
    floor=3,
)


def test_with_the_residents_yes_all_of_it_is_shown() -> None:
    assert details_for(TOLD, known=True, reached=False) == TOLD


def test_where_only_a_relative_may_be_rung_it_says_how_to_knock_and_not_where() -> None:
    lines = lines_of(details_for(TOLD, known=False, reached=True))
    assert lines == ["access=stairs", "floor=3", "access=deaf"]


def test_where_nobody_may_be_rung_it_says_no_more_than_the_offer() -> None:
    lines = lines_of(details_for(TOLD, known=False, reached=False))
    assert lines == ["access=stairs", "floor=3"]
