"""Files: sealed while they are here, fetched through the outbox, wiped when their time is over."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from storage.database import Database
from storage.files import (
    FileGone,
    FileTooBig,
    fetch_file,
    fill_file,
    find_file,
    keep_file,
    open_file,
    wipe_file,
    wipe_files,
)
from storage.outbox.leasing import lease
from storage.outbox.outcomes import End, SendResult, record
from storage.tables import file
from storage.vault import VaultError
from tests.storage.post import RESIDENT, Post

BODY = b"PK\x03\x04 \xff\x00 \xe9\x99\x88"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def keep(database: Database, now: datetime, name: str = "居民登记册.xlsx") -> int:
    return database.do(keep_file, now=now, name=name, media_type=XLSX, body=BODY, purpose="paper")


def await_file(database: Database, now: datetime, size: int = 4) -> int:
    return database.do(
        fetch_file,
        now=now,
        source="BQAC1",
        name="名册.xlsx",
        media_type=XLSX,
        size=size,
        purpose="import",
    )


def state(database: Database, file_id: int) -> tuple[str, str | None]:
    found = database.do(find_file, file_id=file_id)
    assert found is not None
    return found.state, found.reason


def test_a_file_comes_back_as_it_was_and_lies_sealed(database: Database, now: datetime) -> None:
    file_id = keep(database, now)
    opened = database.do(open_file, file_id=file_id)
    assert (opened.name, opened.media_type, opened.body) == ("居民登记册.xlsx", XLSX, BODY)
    with database.transaction() as session:
        lying = session.value(select(file.c.body).where(file.c.id == file_id))
    assert BODY not in lying


def test_a_body_moved_to_another_row_does_not_open(database: Database, now: datetime) -> None:
    first, second = keep(database, now), keep(database, now)
    with database.transaction() as session:
        body = session.value(select(file.c.body).where(file.c.id == first))
        session.change(file.update().where(file.c.id == second).values(body=body))
    with pytest.raises(VaultError):
        database.do(open_file, file_id=second)


def test_a_long_name_keeps_its_ending(database: Database, now: datetime) -> None:
    found = database.do(find_file, file_id=keep(database, now, "陈" * 200 + ".xlsx"))
    assert found is not None
    assert (len(found.name), found.name[-5:]) == (120, ".xlsx")


def test_a_file_is_wiped_when_its_time_is_over(database: Database, now: datetime) -> None:
    file_id = keep(database, now)
    assert database.do(wipe_files, now=now + timedelta(hours=23)) == 0
    assert database.do(wipe_files, now=now + timedelta(hours=25)) == 1
    assert state(database, file_id) == ("wiped", None)
    with pytest.raises(FileGone):
        database.do(open_file, file_id=file_id)
    found = database.do(find_file, file_id=file_id)
    assert found is not None
    assert found.name == ""


def test_a_file_that_still_has_to_be_sent_is_not_wiped(database: Database, now: datetime) -> None:
    post = Post(database, now)
    file_id = keep(database, now)
    post.say("paper", document=file_id)
    late = now + timedelta(days=3)
    assert database.do(wipe_files, now=late) == 0
    assert post.keys() == ["paper"]
    assert database.do(wipe_files, now=late) == 0
    post.end("paper", End.SENT, message_id=7)
    assert database.do(wipe_files, now=late) == 1


def test_whoever_needs_a_file_no_more_wipes_it_at_once(database: Database, now: datetime) -> None:
    file_id = keep(database, now)
    database.do(wipe_file, file_id=file_id)
    assert state(database, file_id) == ("wiped", None)


def test_an_awaited_file_is_filled_once(database: Database, now: datetime) -> None:
    file_id = await_file(database, now)
    assert state(database, file_id) == ("awaited", None)
    assert database.do(fill_file, file_id=file_id, body=BODY)
    assert not database.do(fill_file, file_id=file_id, body=b"other")
    assert database.do(open_file, file_id=file_id).body == BODY


def test_a_file_over_what_the_messenger_hands_over_is_refused_at_once(
    database: Database, now: datetime
) -> None:
    with pytest.raises(FileTooBig) as refused:
        await_file(database, now, size=21 * 1024 * 1024)
    assert refused.value.facts == {"megabytes": 21}


@pytest.mark.parametrize(
    ("error", "reason"), [("too_big", "too_big"), ("gone", "gone"), ("KeyError", "unreachable")]
)
def test_a_file_that_cannot_be_fetched_is_lost_with_its_reason(
    database: Database, now: datetime, error: str, reason: str
) -> None:
    file_id = await_file(database, now)
    (parcel,) = database.do(lease, owner="a", limit=5, now=now, real=1.0)
    assert (parcel.kind, parcel.file_id, parcel.facts) == ("fetch", file_id, {"source": "BQAC1"})
    lost = SendResult(parcel.id, End.REFUSED, error=error)
    database.do(record, owner="a", results=[lost], now=now, real=1.0)
    assert state(database, file_id) == ("lost", reason)
    assert not database.do(fill_file, file_id=file_id, body=BODY)


def test_fetching_is_tried_five_times(database: Database, now: datetime) -> None:
    file_id = await_file(database, now)
    for tries in range(5):
        assert state(database, file_id) == ("awaited", None), tries
        (parcel,) = database.do(lease, owner="a", limit=5, now=now, real=1.0)
        unclear = SendResult(parcel.id, End.UNCLEAR, error="TimedOut")
        database.do(record, owner="a", results=[unclear], now=now, real=1.0)
    assert state(database, file_id) == ("lost", "unreachable")


def test_a_long_download_holds_back_nobody(database: Database, now: datetime) -> None:
    post = Post(database, now)
    await_file(database, now)
    assert len(post.lease(limit=1)) == 1
    post.say("answer", chat=RESIDENT)
    assert post.keys() == ["answer"]
