"""Methods about a chat as a whole."""

from bot.sandbox.api.reading import chat_of, open_chat
from bot.sandbox.api.refusals import bad_request
from bot.sandbox.records import Json
from bot.sandbox.requests import Ask
from bot.sandbox.world import World


def get_chat(world: World, ask: Ask) -> Json:
    chat = chat_of(world, ask)
    return {
        **chat.as_chat(),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": False,
            "limited_gifts": False,
            "unique_gifts": False,
            "premium_subscription": False,
            "gifts_from_channels": False,
        },
    }


def leave_chat(world: World, ask: Ask) -> bool:
    chat = chat_of(world, ask)
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.left = True
    world.keep_chat(chat)
    return True


def send_chat_action(world: World, ask: Ask) -> bool:
    if not ask.text("action"):
        raise bad_request("wrong parameter action in request")
    open_chat(world, ask)
    return True
