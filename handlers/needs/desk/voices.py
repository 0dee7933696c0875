"""A voice on the desk of the staff: heard, written down, a call for help, or made a need."""

from collections.abc import Callable

from handlers.dialogue import BadAnswer, Form, Question, ask_current, hear, start
from handlers.dialogue.engine import CARD
from handlers.needs.cards import show_desk
from handlers.needs.stating.reading import check_words
from handlers.turn import Press, Turn
from storage.alarms import raise_alarm_about
from storage.choices import Button, close_card
from storage.dialogues import Answers, find_dialogue
from storage.needs import find_need, state_need, take_in
from storage.needs.media import (
    Medium,
    MediumHeard,
    hear_voice,
    open_sender,
    play_media,
    play_unheard,
    show_medium,
    write_down,
)
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.dangers import Danger, DangerKind
from storage.rules.reading import read_need


def press_media(turn: Turn, press: Press) -> None:
    """A button of a voice, or the one that plays what came with a need."""
    if turn.person is None:
        raise NotAllowed
    if press.act == "play":
        _play(turn, press, turn.person)
        return
    acts: dict[str, Callable[[Turn, Press, Person], None]] = {
        "heard": _hear,
        "write": _write,
        "danger": _ring,
        "phone": _phone,
        "need": _make_need,
        "list": _list,
    }
    if press.act not in acts:
        raise TooLate
    acts[press.act](turn, press, turn.person)


def _play(turn: Turn, press: Press, actor: Person) -> None:
    card = find_need(turn.session, need_id=press.id)
    if card is None:
        raise NotAllowed
    occasion = f"turn:{turn.update.update_id}:media"
    played = play_media(turn.session, now=turn.now, actor_id=actor.id, card=card, key=occasion)
    if not played:
        turn.say("media_none")


def _list(turn: Turn, press: Press, actor: Person) -> None:
    if not play_unheard(turn.session, now=turn.now, actor=actor):
        turn.edit("office_nothing", card="office")


def _hear(turn: Turn, press: Press, actor: Person) -> None:
    medium = hear_voice(turn.session, now=turn.now, actor=actor, media_id=press.id)
    _show(turn, medium)


def _show(turn: Turn, medium: Medium) -> None:
    """Where a voice stands that was heard, and what can still be done."""
    lines = [[_button("write", medium)]]
    if medium.transcript is not None and medium.need_id is None:
        lines.insert(0, [_button("make_need", medium, act="need")])
    lines.append([_button("phone", medium)])
    turn.say(
        "voice_heard",
        buttons=lines,
        card=medium.card,
        name=medium.resident,
        transcript=medium.transcript,
        needed=medium.need_id is not None and medium.transcript is not None,
        lost=not medium.is_kept,
    )


def _button(label: str, medium: Medium, act: str = "") -> Button:
    return Button(f"media.{label}", f"media:{act or label}:{medium.id}:{medium.version}")


def _write(turn: Turn, press: Press, actor: Person) -> None:
    medium = show_medium(turn.session, actor=actor, media_id=press.id)
    start(turn, WORDS, {"media_id": medium.id})


def _ring(turn: Turn, press: Press, actor: Person) -> None:
    """A call for help: it rings about the resident, as if they had typed it."""
    medium = show_medium(turn.session, actor=actor, media_id=press.id)
    _settle(turn, medium, actor)
    words = medium.transcript or turn.wording.label(
        "details.voice_words",
        language=turn.session.house.language,
        facts={"seconds": medium.seconds},
    )
    _raise(turn, medium, words, DangerKind.UNKNOWN)


def _settle(turn: Turn, medium: Medium, actor: Person) -> None:
    """Whoever listened answers for it; that a colleague did too does not hold up an alarm."""
    if medium.state != "done":
        try:
            hear_voice(turn.session, now=turn.now, actor=actor, media_id=medium.id)
        except MediumHeard:
            return


def _raise(turn: Turn, medium: Medium, words: str, kind: DangerKind) -> None:
    raised = raise_alarm_about(
        turn.session,
        now=turn.now,
        chat_id=turn.chat_id,
        person_id=medium.resident_id,
        words=words,
        kind=kind,
    )
    turn.say("voice_alarm", told=raised.told)


def _phone(turn: Turn, press: Press, actor: Person) -> None:
    resident, sender = open_sender(turn.session, now=turn.now, actor=actor, media_id=press.id)
    turn.say(
        "voice_phones",
        resident=resident.name,
        phone=resident.phone,
        by=sender.name if sender else None,
        by_phone=sender.phone if sender else None,
    )


def _make_need(turn: Turn, press: Press, actor: Person) -> None:
    """State it for them; what they said of showing their address stays as it is."""
    medium = show_medium(turn.session, actor=actor, media_id=press.id)
    if medium.transcript is None or medium.need_id is not None:
        _show(turn, medium)
        return
    need_id = state_need(
        turn.session,
        now=turn.now,
        actor_id=actor.id,
        resident_id=medium.resident_id,
        said=take_in(turn.session, medium.transcript).said,
        share=False,
        media=[medium.id],
    )
    card = find_need(turn.session, need_id=need_id)
    if card is not None:
        turn.say("voice_need_made", resident=card.resident)
        show_desk(turn, card, edit=False)


def _finish(turn: Turn, answers: Answers) -> None:
    """The words are kept, and read like typed ones: words of danger ring at once."""
    actor = turn.person
    if actor is None:
        raise NotAllowed
    close_card(turn.session, chat_id=turn.chat_id, card=CARD)
    words = str(answers["words"])
    written = write_down(
        turn.session,
        now=turn.now,
        actor=actor,
        media_id=int(str(answers["media_id"])),
        words=words,
    )
    reading = read_need(words)
    if reading.danger is not Danger.NONE:
        _raise(turn, written.medium, words, reading.danger_kind or DangerKind.UNKNOWN)
    _show(turn, written.medium)


def hear_words(turn: Turn, text: str) -> bool:
    """What staff write down was said by somebody else: it rings about that person, not them."""
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    if dialogue is None or dialogue.topic != WORDS.topic:
        return False
    try:
        hear(turn, WORDS, dialogue, text)
    except BadAnswer as problem:
        lead = f"problem_{problem.key}"
        ask_current(turn, WORDS, dialogue, lead=lead, facts=problem.facts)
    return True


WORDS = Form(
    topic="voice_words",
    questions=(Question("words", "ask_voice_words", check_words),),
    finish=_finish,
)
