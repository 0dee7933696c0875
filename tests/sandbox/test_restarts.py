"""The sandbox's own restarts: what it keeps, after a clean stop and after a kill."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.sandbox import store
from bot.sandbox.server import Sandbox, serve
from bot.sandbox.store import FolderInUseError
from tests.sandbox.room import NEWCOMER, RESIDENT, Room, opened

PROGRAM = """
import asyncio, sys
from pathlib import Path
from bot.sandbox import store
from bot.sandbox.server import serve
say = lambda url: print(url, flush=True)
asyncio.run(serve(data_dir=Path(sys.argv[1]), port=0, announce=say))
"""

# Starts the program above and dies without a word to it.
PARENT = """
import subprocess, sys
subprocess.run([sys.executable, "-c", *sys.argv[1:]])
"""


async def test_chats_messages_updates_and_files_survive_a_restart(tmp_path: Path) -> None:
    async with opened(tmp_path) as room:
        await room.do("send", chat=NEWCOMER, text="/start")
        await room.do("people", id=9100, name="周勇", started=True)
        sent = (await room.api("sendMessage", chat_id=RESIDENT, text="一")).body["result"]
        await room.upload("photo", b"jpg", chat=str(RESIDENT))
        before = (await room.shown(RESIDENT), await room.updates())
        chats = (await room.get("/page/state")).body["chats"]
    async with opened(tmp_path) as room:
        assert (await room.shown(RESIDENT), await room.updates()) == before
        assert (await room.get("/page/state")).body["chats"] == chats
        edited = {"chat_id": RESIDENT, "message_id": sent["message_id"], "text": "二"}
        assert (await room.api("editMessageText", **edited)).status == 200
        photo = before[1][-1]["message"]["photo"][0]["file_id"]
        assert (await room.api("getFile", file_id=photo)).status == 200
        assert (await room.api("sendMessage", chat_id=9100, text="x")).status == 200


async def test_a_clean_stop_leaves_no_gap_in_the_ids(tmp_path: Path) -> None:
    numbers = []
    for _ in range(3):
        async with opened(tmp_path) as room:
            sent = await room.api("sendMessage", chat_id=RESIDENT, text="x")
            numbers.append(sent.body["result"]["message_id"])
    assert numbers == [1, 2, 3]


async def test_a_kill_repeats_no_id(tmp_path: Path) -> None:
    messages: list[int] = []
    updates: list[int] = []
    for _ in range(3):
        process, room = await started(tmp_path)
        async with room.session:
            said = await room.do("send", chat=RESIDENT, text="在吗")
            sent = await room.api("sendMessage", chat_id=RESIDENT, text="在")
            messages += [said.body["message_id"], sent.body["result"]["message_id"]]
            updates.append((await room.updates())[-1]["update_id"])
            process.kill()
            await process.wait()
    assert messages == sorted(set(messages))
    assert updates == sorted(set(updates))


async def started(data_dir: Path) -> tuple[Process, Room]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, str(data_dir), stdout=PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    return process, Room(url, ClientSession())


async def test_a_terminated_sandbox_writes_everything_down_first(tmp_path: Path) -> None:
    process, room = await started(tmp_path)
    async with room.session:
        await room.do("send", chat=RESIDENT, text="在吗")
        process.terminate()
        assert await process.wait() == 0
    async with opened(tmp_path) as room:
        assert [shown["text"] for shown in await room.shown(RESIDENT)] == ["在吗"]


async def test_a_sandbox_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, PROGRAM, str(tmp_path), stdout=PIPE
    )
    assert parent.stdout is not None
    assert (await parent.stdout.readline()).startswith(b"http://")
    parent.kill()
    await parent.wait()
    async with opened(tmp_path) as room:
        assert await room.shown(RESIDENT) == []


async def test_a_second_sandbox_on_the_same_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LONGEST_WAIT_FOR_FOLDER", 0)
    async with opened(tmp_path):
        with pytest.raises(FolderInUseError, match="another sandbox is running on this folder"):
            await Sandbox(tmp_path).start()


async def test_a_taken_port_leads_to_the_next_one(tmp_path: Path) -> None:
    first = Sandbox(tmp_path / "one")
    await first.start()
    port = int(first.url.rpartition(":")[2])
    announced: asyncio.Queue[str] = asyncio.Queue()
    serving = asyncio.create_task(
        serve(data_dir=tmp_path / "two", port=port, announce=announced.put_nowait)
    )
    async with asyncio.timeout(30):
        taken = int((await announced.get()).rpartition(":")[2])
    serving.cancel()
    await asyncio.wait([serving])
    await first.stop()
    assert port < taken < port + 20
