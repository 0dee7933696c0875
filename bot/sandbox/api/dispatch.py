"""Takes each Bot API call: token, method, ordered faults, the answer."""

import asyncio
import json
import re
from collections.abc import Callable
from typing import Final, TypeAlias

from aiohttp import web

from bot.sandbox.api import chats, media, messages, profile, queries
from bot.sandbox.api.polling import get_updates
from bot.sandbox.api.refusals import Refusal, bad_request
from bot.sandbox.faults import AFTER_DELIVERY, ANSWERLESS, HTML_ERROR, Fault
from bot.sandbox.records import Json
from bot.sandbox.requests import Ask, BadField, read_ask
from bot.sandbox.world import WORLD, World

Method: TypeAlias = Callable[[World, Ask], object]

_TOKEN = re.compile(r"\d+:[^/]{20,}")
_BAD_GATEWAY: Final = "<html><head><title>502 Bad Gateway</title></head><body></body></html>"

METHODS: Final[dict[str, Method]] = {
    "getme": profile.get_me,
    "setwebhook": profile.set_webhook,
    "deletewebhook": profile.delete_webhook,
    "getwebhookinfo": profile.get_webhook_info,
    "setmycommands": profile.set_my_commands,
    "getmycommands": profile.get_my_commands,
    "deletemycommands": profile.delete_my_commands,
    "setmyname": profile.accept,
    "setmydescription": profile.accept,
    "setmyshortdescription": profile.accept,
    "setchatmenubutton": profile.accept,
    "sendmessage": messages.send_message,
    "editmessagetext": messages.edit_message_text,
    "editmessagecaption": messages.edit_message_caption,
    "editmessagemedia": media.edit_message_media,
    "editmessagereplymarkup": messages.edit_message_reply_markup,
    "deletemessage": messages.delete_message,
    "answercallbackquery": queries.answer_callback_query,
    "sendphoto": media.send_photo,
    "sendvoice": media.send_voice,
    "senddocument": media.send_document,
    "getfile": media.get_file,
    "sendchataction": chats.send_chat_action,
    "leavechat": chats.leave_chat,
    "getchat": chats.get_chat,
}


async def answer_call(request: web.Request) -> web.StreamResponse:
    """One Bot API call."""
    world = request.app[WORLD]
    name = request.match_info["method"].lower()
    if not is_token(request.match_info["token"]):
        return _error(Refusal(401, "Unauthorized").as_error())
    try:
        ask = await read_ask(request)
    except BadField as error:
        return _error(bad_request(str(error)).as_error())
    chat = _chat_id(ask)
    fault = world.faults.take(name, chat)
    if fault is None:
        response = await _run(world, name, ask)
        world.calls.note(name, chat, response.status)
        return response
    if fault.kind in AFTER_DELIVERY:
        await _run(world, name, ask)
    world.calls.note(name, chat, 0 if fault.kind in ANSWERLESS else fault.code)
    return await faulty(request, fault)


async def _run(world: World, name: str, ask: Ask) -> web.Response:
    try:
        if name == "getupdates":
            return _json_text(f'{{"ok":true,"result":[{",".join(await get_updates(world, ask))}]}}')
        method = METHODS.get(name)
        if method is None:
            raise Refusal(404, "Not Found")
        return _json_text(json.dumps({"ok": True, "result": method(world, ask)}))
    except Refusal as refusal:
        return _error(refusal.as_error())
    except BadField as error:
        return _error(bad_request(str(error)).as_error())


async def faulty(request: web.Request, fault: Fault) -> web.Response:
    """What the request gets in place of an answer."""
    if fault.kind == HTML_ERROR:
        return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
    if fault.kind not in ANSWERLESS:
        return _error(fault.as_error())
    if fault.kind == "hang":
        with request.app[WORLD].waits.listed():
            # Ends when the client gives up or the sandbox stops: both cancel this request.
            await asyncio.Event().wait()
    if request.transport is not None:
        request.transport.close()
    return web.Response()


def _chat_id(ask: Ask) -> int | None:
    try:
        return ask.whole("chat_id")
    except BadField:
        return None


def _error(error: Json) -> web.Response:
    code = error["error_code"]
    assert isinstance(code, int)
    return web.json_response(error, status=code)


def _json_text(text: str) -> web.Response:
    return web.Response(body=text.encode(), content_type="application/json")


def is_token(token: str) -> bool:
    """Whether it has a token's shape; any such token is the same bot."""
    return _TOKEN.fullmatch(token) is not None
