"""The list of sealed columns: complete, and each place spelled as the use cases spell it."""

import re

import pytest

from storage.sealed import HASHES, SEALED, SealedColumn
from tests.architecture.source import sources

PLACES = {re.sub(r"\{\w+\}", "{}", one.place) for one in SEALED}
# Spelled in words; a place that is put together from the list's own names needs no look.
PLACE = re.compile(r"""\bplace ?= ?f(["'])(?P<place>[a-z_.]+:.+?)\1""")


@pytest.mark.parametrize("one", SEALED, ids=lambda one: f"{one.table}.{one.column}")
def test_a_listed_column_exists_and_so_do_the_columns_of_its_place(one: SealedColumn) -> None:
    assert one.sealed.type.python_type is bytes
    assert set(one.named) <= set(one.of.c.keys())


def test_no_two_columns_share_a_place_unless_they_are_read_together() -> None:
    shared = {one.place for one in SEALED if sum(one.place == two.place for two in SEALED) > 1}
    assert shared == {"outbox:{key}"}


def test_a_hash_is_a_column_of_bytes_that_is_not_sealed() -> None:
    assert HASHES.isdisjoint((one.table, one.column) for one in SEALED)
    for table, column in HASHES:
        assert SealedColumn(table, column, "").sealed.type.python_type is bytes


def test_every_use_case_seals_and_opens_under_a_listed_place() -> None:
    strange = [
        f"{source.place}: {found['place']}"
        for source in sources("storage", "handlers", "bot")
        for found in PLACE.finditer(source.text)
        if re.sub(r"\{[^{}]+\}", "{}", found["place"]) not in PLACES
    ]
    assert strange == []


def test_the_place_of_a_row_is_made_of_its_own_columns() -> None:
    body = next(one for one in SEALED if one.table == "inbox")
    assert body.place_of({"bot_id": 7, "update_id": 8}) == "inbox.body:7:8"
