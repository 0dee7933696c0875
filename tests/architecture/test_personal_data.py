"""Personal data: each sealed column is listed, each trace of a person has a fate."""

from sqlmodel import SQLModel

from storage.leaving.erasing import CHATS
from storage.leaving.traces import TRACES, Fate
from storage.sealed import SEALED, list_unlisted


def test_every_column_of_bytes_is_sealed_or_a_named_hash() -> None:
    # Add yours to storage/sealed.py: key rotation would lose it.
    assert list_unlisted() == []


def test_every_column_that_points_at_a_person_says_what_erasing_does_to_it() -> None:
    # Add yours to storage/leaving/traces.py: stays, goes, emptied or unlinked.
    pointing = {
        (table.name, column.name)
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if any(key.target_fullname == "person.id" for key in column.foreign_keys)
    }
    listed = {(one.table, one.column) for one in TRACES}
    assert sorted(f"{table}.{column}" for table, column in listed ^ pointing) == []


def test_what_is_emptied_has_something_to_empty() -> None:
    sealed = {one.table for one in SEALED}
    for trace in TRACES:
        if trace.fate is Fate.EMPTIED:
            assert trace.table in sealed
            assert set(trace.blank) <= set(SQLModel.metadata.tables[trace.table].c.keys())
        if trace.fate is Fate.UNLINKED:
            assert SQLModel.metadata.tables[trace.table].c[trace.column].nullable


def test_every_number_of_a_chat_goes_with_the_person() -> None:
    # Add the table to CHATS in storage/leaving/erasing.py, or put the number out there.
    numbered = {table.name for table in SQLModel.metadata.tables.values() if "chat_id" in table.c}
    assert numbered - {table.name for table in CHATS} == {"alarm", "outbox"}
