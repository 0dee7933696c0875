"""Voices, photos and places that somebody sends instead of words, or beside them."""

from dataclasses import dataclass
from datetime import timedelta

from telegram import Message

from handlers.needs.own import ADD, add_medium
from handlers.needs.stating.form import FORM, begin, go_on
from handlers.needs.stating.reading import TYPED, kept, resident_in
from handlers.needs.stating.understanding import taken
from handlers.turn import Turn
from storage.alarms import add_to_alarm
from storage.dialogues import Answers, Dialogue, find_dialogue
from storage.needs import Statement, list_spoken_for
from storage.needs.media import Sent, Taken, take_medium
from storage.rules.areas import Category, Urgency
from storage.rules.details import Place

# The router says so where words of danger came with it: the alarm has answered already.
DANGER = "danger"
IMAGES = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map, with its name if it has one."""

    latitude: float
    longitude: float
    name: str

    @property
    def words(self) -> str:
        """As it is passed on to whoever is on duty."""
        where = f"{self.latitude:.5f}, {self.longitude:.5f}"
        return f"{self.name} {where}".strip()


def take_media(turn: Turn) -> bool:
    """Whatever is no words: a voice, photo or place of somebody who may ask for help."""
    message = turn.message
    if message is None:
        return False
    spot, sent = _spot_in(message), _sent_in(message)
    if spot is not None and _add_to_alarm(turn, spot.words):
        return True
    speaks = turn.person is not None and list_spoken_for(turn.session, person_id=turn.person.id)
    if not speaks or (spot is None and sent is None):
        if DANGER not in turn.notes:
            _say_not_read(turn, message)
        return True
    dialogue = find_dialogue(turn.session, chat_id=turn.chat_id)
    if spot is not None:
        _take_spot(turn, spot, dialogue)
    elif sent is not None:
        _take(turn, sent, dialogue)
    return True


def _add_to_alarm(turn: Turn, words: str) -> bool:
    """What somebody sends whose alarm is open goes to whoever is on duty, at once."""
    raised = add_to_alarm(turn.session, now=turn.now, chat_id=turn.chat_id, words=words)
    if raised is None:
        return False
    turn.say("danger_place", told=raised.told)
    return True


def _take(turn: Turn, sent: Sent, dialogue: Dialogue | None) -> None:
    if turn.person is None:
        return
    urgent = DANGER in turn.notes or _add_to_alarm(turn, _stock(turn, sent))
    answers: Answers = dialogue.answers if dialogue and dialogue.topic == FORM.topic else {}
    taken = take_medium(
        turn.session,
        now=turn.now,
        actor_id=turn.person.id,
        resident_id=_about(turn, answers),
        sent=sent,
        urgent=urgent,
    )
    if urgent or taken.follows:
        return  # the alarm has answered, or the first photo of the album did
    if taken.too_big:
        turn.say("media_too_big", kind=sent.kind)
    elif dialogue is not None and dialogue.topic == ADD.topic:
        add_medium(turn, dialogue, taken.id, words=_stock(turn, sent))
    elif dialogue is not None and dialogue.topic != FORM.topic:
        turn.say("media_beside", kind=sent.kind)
    else:
        _go_on(turn, sent, taken, answers)


def _go_on(turn: Turn, sent: Sent, medium: Taken, answers: Answers) -> None:
    """Show the need as it is now understood, with what was sent."""
    before = answers.get("media")
    media = [*(before if isinstance(before, list) else []), str(medium.id)]
    said: Answers = {"kind": sent.kind, "urgent": False}
    words = turn.text or _stock(turn, sent)
    if answers:
        more: Answers = {**answers, "media": media, "review": TYPED + words}
        go_on(turn, more, lead="media_taken", facts=said)
    elif turn.text:
        begin(turn, {**taken(turn, words), "media": media}, lead="media_taken", facts=said)
    else:
        # What nobody has heard yet is for today.
        urgency = Urgency.U1 if sent.kind == "voice" else Urgency.U2
        unread = kept(Statement(Category.UNCLEAR, urgency, words))
        begin(turn, {**unread, "media": media}, lead="media_taken", facts=said)


def _take_spot(turn: Turn, spot: Spot, dialogue: Dialogue | None) -> None:
    """A place: of the need that is being stated, else the beginning of one."""
    point = [f"{spot.latitude:.5f}", f"{spot.longitude:.5f}"]
    where: Answers = {"point": point}
    if spot.name:
        where |= {"place": Place.OTHER.value, "where": spot.name}
    if dialogue is not None and dialogue.topic == FORM.topic:
        go_on(turn, {**dialogue.answers, **where, "review": ""}, lead="place_noted")
    elif dialogue is not None:
        _say_not_read(turn, turn.message)
    else:
        words = turn.wording.label("details.place_words", language=turn.language)
        unread = kept(Statement(Category.UNCLEAR, Urgency.U1, words))
        begin(turn, unread | where, lead="place_noted")


def _about(turn: Turn, answers: Answers) -> int:
    """Whom it is likely about: as the form says, else themselves, else whom they care for."""
    if answers.get("whom") is not None:
        return resident_in(turn, answers)
    person_id = turn.person.id if turn.person is not None else 0
    return list_spoken_for(turn.session, person_id=person_id)[0].resident_id


def _stock(turn: Turn, sent: Sent) -> str:
    """What stands in the place of words."""
    return turn.wording.label(
        f"details.{sent.kind}_words", language=turn.language, facts={"seconds": sent.seconds}
    )


def _sent_in(message: Message) -> Sent | None:
    album = message.media_group_id or ""
    if message.voice is not None:
        voice = message.voice
        return Sent("voice", voice.file_id, voice.file_size or 0, seconds=_seconds(voice.duration))
    if message.photo:
        photo = message.photo[-1]
        return Sent("photo", photo.file_id, photo.file_size or 0, album=album)
    paper = message.document
    if paper is not None and paper.mime_type in IMAGES:
        kind = str(paper.mime_type)
        return Sent("photo", paper.file_id, paper.file_size or 0, album=album, media_type=kind)
    return None


def _seconds(length: int | timedelta) -> int:
    return length if isinstance(length, int) else int(length.total_seconds())


def _spot_in(message: Message) -> Spot | None:
    if message.venue is not None:
        place = message.venue.location
        name = f"{message.venue.title} {message.venue.address}".strip()[:100]
        return Spot(place.latitude, place.longitude, name)
    if message.location is not None:
        return Spot(message.location.latitude, message.location.longitude, "")
    return None


def _say_not_read(turn: Turn, message: Message | None) -> None:
    """One clear sentence; a form that is open stays where it is."""
    turn.say("media_not_read", kind=_kind_of(message))


def _kind_of(message: Message | None) -> str:
    if message is None:
        return ""
    if message.sticker or message.animation:
        return "sticker"
    if message.video or message.video_note:
        return "video"
    for kind in ("audio", "contact"):
        if getattr(message, kind):
            return kind
    if message.location or message.venue:
        return "place"
    return "document" if message.document else ""
