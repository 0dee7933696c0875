"""Who may talk to the sandbox: this machine, and no other web site."""

import pytest

from tests.sandbox.room import RESIDENT, Room


async def status(room: Room, path: str, **headers: str) -> int:
    async with room.session.get(room.url + path, headers=headers) as response:
        return response.status


async def posted(room: Room, path: str, **headers: str) -> int:
    body = {"chat": RESIDENT, "text": "x", "chat_id": RESIDENT}
    async with room.session.post(room.url + path, json=body, headers=headers) as response:
        return response.status


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "localhost:8080", "[::1]:80"])
async def test_this_machines_names_are_let_in(room: Room, host: str) -> None:
    assert await status(room, "/page/state", Host=host) == 200


@pytest.mark.parametrize("host", ["example.org", "127.0.0.1.example.org", "10.0.0.1", "[::1", ""])
async def test_any_other_name_is_refused(room: Room, host: str) -> None:
    for path in ("/", "/page/state", f"/bot1:{'x' * 20}/getMe"):
        assert await status(room, path, Host=host) == 403


@pytest.mark.parametrize("path", ["/control/send", "/page/read", f"/bot1:{'x' * 20}/sendMessage"])
async def test_only_our_own_page_may_post(room: Room, path: str) -> None:
    for foreign in ("https://example.org", "http://127.0.0.1:1", "null"):
        assert await posted(room, path, Origin=foreign) == 403
    assert await room.shown(RESIDENT) == []
    assert await posted(room, path, Origin=room.url) == 200


async def test_another_sites_page_can_link_here_but_not_load_from_here(room: Room) -> None:
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert await status(room, f"/bot1:{'x' * 20}/getMe", **cross) == 403
    assert await status(room, "/", **cross) == 200


async def test_the_page_loads_nothing_from_elsewhere(room: Room) -> None:
    for path in ("/", "/static/page.js"):
        async with room.session.get(room.url + path) as response:
            assert response.status == 200
            assert response.headers["Content-Security-Policy"] == "default-src 'self'"


@pytest.mark.parametrize("path", ["/static/..%2fserver.py", "/static/nothing.js"])
async def test_nothing_but_the_pages_files_is_served(room: Room, path: str) -> None:
    assert await status(room, path) == 404
