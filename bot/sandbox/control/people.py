"""What people do with words: write, edit, forward, block; and adding people and groups."""

from bot.sandbox.control.answers import CannotDo
from bot.sandbox.entities import found_in
from bot.sandbox.records import BOT, Chat, Json, Message
from bot.sandbox.requests import Ask, BadField
from bot.sandbox.world import World


def add_person(world: World, ask: Ask) -> Json:
    chat = Chat(
        ask.needed_whole("id"),
        ask.needed_text("name"),
        role=ask.text("role") or "",
        language=ask.text("language") or "zh",
        started=ask.flag("started"),
    )
    _add(world, chat)
    return {"ok": True}


def add_group(world: World, ask: Ask) -> Json:
    """A group that the bot is put into, by the first coordinator or by `from`."""
    number = ask.needed_whole("id")
    kind = "supergroup" if str(number).startswith("-100") else "group"
    if number >= 0:
        raise BadField("id", "a group's id is negative")
    chat = Chat(number, ask.needed_text("title"), kind=kind, started=True)
    adder = _person(world, ask.whole("from") or next(iter(world.chats)))
    _add(world, chat)
    _membership(world, chat, adder, before="left", after="member")
    return {"ok": True}


def say(world: World, chat: Chat, ask: Ask, fields: Json) -> Message:
    """The person's message, written down and queued for the bot."""
    sender = chat if chat.private else _person(world, ask.needed_whole("from"))
    if chat.blocked:
        raise CannotDo(409, "this person has blocked the bot")
    if chat.left:
        raise CannotDo(409, "the bot is not in this group")
    chat.started = True
    if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
        chat.keyboard = None
    world.keep_chat(chat)
    reply_to = ask.whole("reply_to")
    message = world.post(chat, sender.id, {**fields, "reply_to": reply_to})
    world.updates.add("message", world.as_telegram(message))
    return message


def send(world: World, ask: Ask) -> Json:
    chat, text = named_chat(world, ask), ask.needed_text("text")
    fields: Json = {"text": text, "entities": found_in(text)}
    return world.as_telegram(say(world, chat, ask, fields))


def edit(world: World, ask: Ask) -> Json:
    chat, text = named_chat(world, ask), ask.needed_text("text")
    message = world.find_message(chat.id, ask.needed_whole("message_id"))
    if message is None or message.from_bot:
        raise CannotDo(404, "no such message of a person")
    message.history.append(message.words)
    message.entities = found_in(text)
    if message.text is None:
        message.caption = text
    else:
        message.text = text
    message.edit_date = world.clock.stamp()
    world.changed(message)
    world.updates.add("edited_message", world.as_telegram(message))
    return world.as_telegram(message)


def forward(world: World, ask: Ask) -> Json:
    """A text that somebody outside wrote, handed on."""
    chat, text = named_chat(world, ask), ask.needed_text("text")
    origin: Json = {
        "type": "hidden_user",
        "date": world.clock.stamp(),
        "sender_user_name": ask.needed_text("from_name"),
    }
    fields: Json = {"text": text, "entities": found_in(text), "extra": {"forward_origin": origin}}
    return world.as_telegram(say(world, chat, ask, fields))


def block(world: World, ask: Ask) -> Json:
    chat, on = named_chat(world, ask), ask.flag("on", default=True)
    if not chat.private:
        raise CannotDo(409, "a group cannot block the bot")
    if chat.blocked != on:
        chat.blocked = on
        world.keep_chat(chat)
        before, after = ("member", "kicked") if on else ("kicked", "member")
        _membership(world, chat, chat, before=before, after=after)
    return {"ok": True}


def raw_update(world: World, ask: Ask) -> Json:
    """Queue an update as it is given, however odd."""
    return {"ok": True, "update_id": world.updates.add_raw(dict(ask.values))}


def named_chat(world: World, ask: Ask) -> Chat:
    chat = world.chats.get(ask.needed_whole("chat"))
    if chat is None:
        raise CannotDo(404, "no such chat")
    return chat


def _person(world: World, number: int) -> Chat:
    person = world.chats.get(number)
    if person is None or not person.private:
        raise CannotDo(404, "no such person")
    return person


def _add(world: World, chat: Chat) -> None:
    if chat.id in world.chats:
        raise CannotDo(409, "this id is taken")
    world.keep_chat(chat)


def _membership(world: World, chat: Chat, by: Chat, *, before: str, after: str) -> None:
    change: Json = {
        "chat": chat.as_chat(),
        "from": by.as_user(),
        "date": world.clock.stamp(),
        "old_chat_member": _member(before),
        "new_chat_member": _member(after),
    }
    world.updates.add("my_chat_member", change)


def _member(status: str) -> Json:
    member: Json = {"user": BOT, "status": status}
    if status == "kicked":
        member["until_date"] = 0
    return member
