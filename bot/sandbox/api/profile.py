"""What the bot says of itself: getMe, commands, names and descriptions, the webhook."""

from typing import Final
from urllib.parse import urlsplit

from bot.sandbox.api.polling import allow
from bot.sandbox.api.refusals import bad_request
from bot.sandbox.records import BOT, Json
from bot.sandbox.requests import Ask
from bot.sandbox.world import World

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
MOST_COMMANDS: Final = 100


def get_me(_world: World, _ask: Ask) -> Json:
    return {
        **BOT,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def set_my_commands(world: World, ask: Ask) -> bool:
    commands = ask.parsed("commands")
    if not isinstance(commands, list) or len(commands) > MOST_COMMANDS:
        raise bad_request("can't parse commands: expected an Array of at most 100 BotCommand")
    if not all(_is_command(command) for command in commands):
        raise bad_request("BOT_COMMAND_INVALID")
    world.commands[_scope(ask)] = commands
    return True


def get_my_commands(world: World, ask: Ask) -> list[object]:
    return world.commands.get(_scope(ask), [])


def delete_my_commands(world: World, ask: Ask) -> bool:
    world.commands.pop(_scope(ask), None)
    return True


def accept(_world: World, _ask: Ask) -> bool:
    """Names, descriptions and the menu button change nothing that the sandbox shows."""
    return True


def set_webhook(world: World, ask: Ask) -> bool:
    """Only remembered, so that getUpdates is refused; nothing is delivered to a webhook."""
    url = ask.text("url") or ""
    parts = urlsplit(url)
    if url and parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    allow(world, ask)
    world.webhook_url = url
    _drop_if_asked(world, ask)
    return True


def delete_webhook(world: World, ask: Ask) -> bool:
    world.webhook_url = ""
    _drop_if_asked(world, ask)
    return True


def get_webhook_info(world: World, _ask: Ask) -> Json:
    return {
        "url": world.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates),
        "allowed_updates": world.updates.allowed,
    }


def _drop_if_asked(world: World, ask: Ask) -> None:
    if ask.flag("drop_pending_updates"):
        world.updates.drop_all()


def _scope(ask: Ask) -> str:
    return f"{ask.text('scope') or ''}:{ask.text('language_code') or ''}"


def _is_command(command: object) -> bool:
    if not isinstance(command, dict):
        return False
    name, description = command.get("command"), command.get("description")
    if not isinstance(name, str) or not isinstance(description, str):
        return False
    plain = name.removeprefix("/")
    fits = 1 <= len(plain) <= 32 and 1 <= len(description) <= 256
    return fits and plain.isascii() and plain.replace("_", "a").isalnum() and plain.islower()
