"""Files over the real sandbox: sent with their words, fetched whole, and lost with a reason."""

import pytest

from storage.files import fetch_file, find_file, keep_file, open_file, wipe_file
from storage.outbox import MessageClass
from tests.bot.office import Office
from tests.storage.post import RESIDENT

ANSWER, INFO = MessageClass.ANSWER, MessageClass.INFO
BODY = b"PK\x03\x04" + bytes(range(256)) * 9
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _paper(office: Office, name: str = "居民登记册.xlsx") -> int:
    return office.post.database.do(
        keep_file, now=office.clock.now(), name=name, media_type=XLSX, body=BODY, purpose="paper"
    )


async def _sent_by_person(office: Office, body: bytes = BODY) -> int:
    """The person attaches a file, and the bot awaits it."""
    await office.room.upload("document", body, name="名册.xlsx", chat=str(RESIDENT))
    document = (await office.room.updates())[-1]["message"]["document"]
    file_id = office.post.database.do(
        fetch_file,
        now=office.clock.now(),
        source=document["file_id"],
        name=document["file_name"],
        media_type=document["mime_type"],
        size=min(document["file_size"], 9),
        purpose="import",
    )
    office.delivery.wake()
    return file_id


def _state(office: Office, file_id: int) -> tuple[str, str | None]:
    found = office.post.database.do(find_file, file_id=file_id)
    assert found is not None
    return found.state, found.reason


async def test_a_file_arrives_with_its_name_its_words_and_its_bytes(office: Office) -> None:
    office.open()
    office.say("paper", "做好了：<b>登记册</b>", document=_paper(office), message_class=ANSWER)
    await office.until("paper", "sent")
    (shown,) = await office.room.shown(RESIDENT)
    assert (shown["caption"], shown["html"]) == ("做好了：登记册", "做好了：<b>登记册</b>")
    media = shown["media"]
    assert (media["kind"], media["file_name"], media["file_size"]) == (
        "document",
        "居民登记册.xlsx",
        len(BODY),
    )
    async with office.room.session.get(office.room.url + media["url"]) as response:
        assert await response.read() == BODY
    assert office.post.row("paper").message_id == shown["message_id"]


async def test_a_caption_is_measured_as_it_is_shown(office: Office) -> None:
    office.open()
    fits = f"<b>{'好' * 1022}</b>&amp;&lt;"
    office.say("paper", fits, document=_paper(office), message_class=ANSWER)
    await office.until("paper", "sent")
    (shown,) = await office.room.shown(RESIDENT)
    assert len(shown["caption"]) == 1024


async def test_words_too_long_for_a_caption_are_a_message_before_the_file(office: Office) -> None:
    office.open()
    office.say("paper", "好" * 1025, document=_paper(office), message_class=ANSWER)
    await office.until("paper", "sent")
    words, paper = await office.room.shown(RESIDENT)
    assert (words["text"], words["media"]) == ("好" * 1025, None)
    assert (paper["caption"], paper["media"]["kind"]) == (None, "document")


async def test_after_a_429_the_file_waits_and_goes_once(office: Office) -> None:
    await office.fault("429", method="sendDocument", retry_after=30)
    office.open()
    office.say("paper", document=_paper(office), message_class=ANSWER)
    await office.tried("paper")
    await office.skip(31)
    await office.until("paper", "sent")
    assert await office.heard() == ["paper"]
    assert office.pace.halts == [30]


async def test_after_an_unclear_end_an_answer_goes_once_more_with_the_mark(office: Office) -> None:
    await office.fault("drop", method="sendDocument")
    office.open()
    office.say("paper", document=_paper(office), message_class=ANSWER)
    await office.tried("paper")
    await office.skip(6)
    await office.until("paper", "sent")
    first, second = await office.heard()
    assert (first, "已经发过一次" in second) == ("paper", True)


async def test_information_with_an_unclear_end_is_not_sent_again(office: Office) -> None:
    await office.fault("drop", method="sendDocument")
    office.open()
    office.say("paper", document=_paper(office), message_class=INFO)
    await office.until("paper", "unknown")
    assert await office.heard() == ["paper"]


async def test_a_refused_caption_is_sent_plain(office: Office) -> None:
    office.open()
    office.say("paper", "<b>您好", document=_paper(office), message_class=ANSWER)
    await office.until("paper", "sent")
    (shown,) = await office.room.shown(RESIDENT)
    assert (shown["caption"], shown["media"]["kind"]) == ("您好", "document")


async def test_a_file_that_was_wiped_is_not_sent_and_blocks_nobody(office: Office) -> None:
    file_id = _paper(office)
    office.post.database.do(wipe_file, file_id=file_id)
    office.open()
    office.say("paper", document=file_id, message_class=ANSWER)
    office.say("after", message_class=ANSWER)
    await office.until("after", "sent")
    assert office.post.states()["paper"] == "dead"


async def test_a_file_that_somebody_sent_is_fetched_and_kept(office: Office) -> None:
    office.open()
    file_id = await _sent_by_person(office)
    await office.until(f"fetch:{file_id}", "sent")
    assert office.post.database.do(open_file, file_id=file_id).body == BODY


@pytest.mark.parametrize(
    ("method", "kind"), [("getFile", "500"), ("getFile", "drop"), ("download", "502html")]
)
async def test_a_broken_download_is_tried_again(office: Office, method: str, kind: str) -> None:
    await office.fault(kind, method=method)
    office.open()
    file_id = await _sent_by_person(office)
    await office.tried(f"fetch:{file_id}")
    await office.skip(6)
    await office.until(f"fetch:{file_id}", "sent")
    assert _state(office, file_id) == ("kept", None)


async def test_a_file_that_the_messenger_will_not_hand_over_is_lost(office: Office) -> None:
    office.open()
    file_id = await _sent_by_person(office, bytes(20 * 1024 * 1024 + 1))
    await office.until(f"fetch:{file_id}", "dead")
    assert _state(office, file_id) == ("lost", "too_big")


async def test_a_file_whose_link_has_expired_is_lost(office: Office) -> None:
    await office.fault("404", method="download")
    office.open()
    file_id = await _sent_by_person(office)
    await office.until(f"fetch:{file_id}", "dead")
    assert _state(office, file_id) == ("lost", "gone")


async def test_after_a_kill_between_fetching_and_writing_it_down_the_file_is_there_once(
    office: Office,
) -> None:
    file_id = await _sent_by_person(office)
    office.post.now, office.post.real = office.clock.now(), office.clock.real()
    (parcel,) = office.post.lease()
    await office.delivery._porter.fetch(parcel)
    # Here it was killed: the body is kept, the row still says that it is under way.
    office.open()
    await office.until(f"fetch:{file_id}", "sent")
    assert office.post.database.do(open_file, file_id=file_id).body == BODY


async def test_a_voice_that_is_refused_as_one_goes_as_a_file(office: Office) -> None:
    office.open()
    for key, body in (("voice", b"OggS" + bytes(40)), ("memo", b"ID3" + bytes(40))):
        file_id = office.post.database.do(
            keep_file,
            now=office.clock.now(),
            name="voice.oga",
            media_type="audio/ogg",
            body=body,
            purpose="need_voice",
        )
        office.say(key, document=file_id, message_class=ANSWER)
        await office.until(key, "sent")
    voice, memo = await office.room.shown(RESIDENT)
    assert (voice["media"]["kind"], memo["media"]["kind"]) == ("voice", "document")


async def test_a_photo_that_is_none_goes_as_a_file(office: Office) -> None:
    office.open()
    file_id = office.post.database.do(
        keep_file,
        now=office.clock.now(),
        name="photo.jpg",
        media_type="image/jpeg",
        body=b"no picture at all",
        purpose="need_photo",
    )
    office.say("photo", document=file_id, message_class=ANSWER)
    await office.until("photo", "sent")
    (shown,) = await office.room.shown(RESIDENT)
    assert shown["media"]["kind"] == "document"
