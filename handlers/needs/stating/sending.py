"""Sending a need: as a new one, as a change, or added to an open one that is likely the same."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.dialogue import Option
from handlers.dialogue.engine import CARD
from handlers.needs.cards import card_of, show_need
from handlers.needs.stating.details import details_in, with_home
from handlers.needs.stating.reading import WORDS_LIMIT, resident_in, said_in
from handlers.turn import Turn
from storage.choices import close_card
from storage.dialogues import Answers
from storage.needs import (
    Statement,
    change_need,
    find_like,
    find_need,
    keep_access,
    resident_buttons,
    state_need,
)
from storage.refusals import NotAllowed
from storage.rules.text import cut

# Words of an open need on a button, and what a press on it carries before its number.
LIKE_WORDS = 24
ADD_TO = "add."
# Sent, but whoever comes is not shown name, address and phone.
QUIET = "quiet"
SENDING = ("send", QUIET)


def send(turn: Turn, answers: Answers) -> list[str]:
    """Send what the form has; returns open needs that are likely the same, to be asked about."""
    if turn.person is None:
        raise NotAllowed
    actor_id, need_id = turn.person.id, answers.get("need_id")
    like = str(answers.get("like") or "")
    if isinstance(need_id, int):
        _save(turn, answers, need_id=need_id, actor_id=actor_id)
    elif like.startswith(ADD_TO):
        _add_to(turn, answers, need_id=int(like.removeprefix(ADD_TO)), actor_id=actor_id)
    else:
        alike = [] if like else _find_alike(turn, answers, actor_id=actor_id)
        if alike:
            return alike
        _state(turn, answers, actor_id=actor_id)
    return []


def _find_alike(turn: Turn, answers: Answers, *, actor_id: int) -> list[str]:
    found = find_like(
        turn.session,
        now=turn.now,
        actor_id=actor_id,
        resident_id=resident_in(turn, answers),
        said=said_in(answers),
    )
    return [str(one.id) for one in found]


def _add_to(turn: Turn, answers: Answers, *, need_id: int, actor_id: int) -> None:
    card = find_need(turn.session, need_id=need_id)
    if card is None:
        raise NotAllowed
    said, told = said_in(answers), details_in(answers)
    words = card.words if said.words in card.words else f"{card.words}\n{said.words}"
    change_need(
        turn.session,
        now=turn.now,
        actor_id=actor_id,
        need_id=need_id,
        version=card.version,
        said=Statement(
            card.category,
            min(card.urgency, said.urgency),
            cut(words, WORDS_LIMIT),
            None if told.is_empty else told,
        ),
        media=_media(answers),
    )
    _remember(turn, answers, resident_id=card.resident_id, actor_id=actor_id)
    _say_sent(turn, "need_changed_own", need_id=need_id)


def _state(turn: Turn, answers: Answers, *, actor_id: int) -> None:
    address = answers.get("address")
    resident_id = resident_in(turn, answers)
    need_id = state_need(
        turn.session,
        now=turn.now,
        actor_id=actor_id,
        resident_id=resident_id,
        said=_whole(turn, answers),
        address=address if isinstance(address, str) else None,
        share=answers.get("review") != QUIET,
        media=_media(answers),
    )
    _remember(turn, answers, resident_id=resident_id, actor_id=actor_id)
    _say_sent(turn, "need_sent", need_id=need_id)


def _whole(turn: Turn, answers: Answers) -> Statement:
    """What was said together with its details."""
    return replace(said_in(answers), details=details_in(with_home(turn, answers)))


def _media(answers: Answers) -> list[int]:
    sent = answers.get("media")
    return [int(one) for one in sent] if isinstance(sent, list) else []


def _remember(turn: Turn, answers: Answers, *, resident_id: int, actor_id: int) -> None:
    """Keep what was said of the home for the next time, where that was answered with yes."""
    if answers.get("remember") == "yes":
        told = details_in(answers)
        keep_access(
            turn.session,
            now=turn.now,
            actor_id=actor_id,
            person_id=resident_id,
            access=told.access,
            floor=told.floor,
        )


def _save(turn: Turn, answers: Answers, *, need_id: int, actor_id: int) -> None:
    card = find_need(turn.session, need_id=need_id)
    if card is not None and card.version != answers.get("version"):
        # It moved while the form was open: the form is over, and the card says where it stands.
        close_card(turn.session, chat_id=turn.chat_id, card=CARD)
        show_need(turn, card, lead="need_moved_on", edit=False)
        return
    change_need(
        turn.session,
        now=turn.now,
        actor_id=actor_id,
        need_id=need_id,
        version=int(str(answers["version"])),
        said=replace(said_in(answers), details=details_in(answers)),
        media=_media(answers),
    )
    _remember(turn, answers, resident_id=resident_in(turn, answers), actor_id=actor_id)
    _say_sent(turn, "need_changed_own", need_id=need_id)


def is_likely(turn: Turn, answers: Answers) -> bool:
    return bool(answers.get("like_ids"))


def list_like(turn: Turn, answers: Answers) -> Sequence[Option]:
    ids = answers.get("like_ids")
    found = [
        find_need(turn.session, need_id=int(one)) for one in (ids if isinstance(ids, list) else ())
    ]
    options = [
        Option(
            f"{ADD_TO}{one.id}",
            "more.add_to",
            {"words": cut(" ".join(one.words.split()), LIKE_WORDS)},
        )
        for one in found
        if one is not None
    ]
    return [*options, Option("new", "more.new")]


def _say_sent(turn: Turn, template: str, *, need_id: int) -> None:
    card = find_need(turn.session, need_id=need_id)
    if card is None:
        raise NotAllowed
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    turn.edit(template, buttons=resident_buttons(card), card=card_of(need_id), more=card.facts)
