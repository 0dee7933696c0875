"""Going round: one person after the other of a community, without menus between."""

from handlers.doors import present
from handlers.turn import Turn, press_data, read_number
from storage.choices import Button
from storage.refusals import TooLate
from storage.rules.surveys import BY_STAFF, Channel
from storage.surveys import Round, find_next

NOWHERE = "0"


def way_of(extra: str) -> tuple[Channel, str]:
    """The channel and the community that a button carries, "phone.7"; "0" is no community."""
    channel, _, place = extra.partition(".")
    if channel not in BY_STAFF or read_number(place) is None:
        raise TooLate
    return Channel(channel), place


def show_next(
    turn: Turn,
    *,
    round_id: int,
    place: str,
    channel: Channel,
    after: int,
    done: str | None = None,
) -> None:
    """The card of whoever is asked next; ``done`` says who has just been noted."""
    stop = find_next(
        turn.session,
        now=turn.now,
        actor=present(turn),
        round_id=round_id,
        community_id=int(place) if place != NOWHERE else None,
        after=after,
        channel=channel,
    )
    way = f"{channel.value}.{place}"
    back = [Button("survey.back", press_data("round", "see", round_id, 0))]
    if stop is None:
        again = press_data("round", "next", round_id, 0, way)
        turn.say(
            "survey_stop_none",
            buttons=[[Button("survey.from_start", again)], back],
            card="round",
            done=done,
        )
        return
    acts = ("fill", "missed", "refused")
    lines = [
        [Button(f"survey.{act}", press_data("round", act, stop.answer_id, round_id, way))]
        for act in acts
    ]
    later = press_data("round", "next", round_id, stop.answer_id, way)
    turn.say(
        "survey_stop",
        buttons=[*lines, [Button("survey.later", later)], back],
        card="round",
        done=done,
        name=stop.name,
        community=stop.community,
        group=stop.group,
        channel=channel.value,
        phone=stop.phone,
        address=stop.address,
        half=stop.half,
        tried=stop.tried,
        left=stop.left,
    )


def choose_way(turn: Turn, one: Round) -> None:
    """How will they be asked?"""
    turn.edit(
        "survey_way",
        buttons=[
            [Button(f"survey.by_{way.value}", press_data("round", "way", one.id, 0, way.value))]
            for way in BY_STAFF
        ],
        card="round",
        title=one.title,
    )


def choose_place(turn: Turn, one: Round, channel: str) -> None:
    """In which community? Of one only, go on at once."""
    if channel not in BY_STAFF:
        raise TooLate
    if len(one.places) == 1:
        place = str(one.places[0].id or NOWHERE)
        show_next(turn, round_id=one.id, place=place, channel=Channel(channel), after=0)
        return
    turn.edit(
        "survey_place",
        buttons=[
            [
                Button(
                    "survey.place" if place.name else "survey.no_place",
                    press_data("round", "next", one.id, 0, f"{channel}.{place.id or NOWHERE}"),
                    {
                        "name": place.name or "",
                        "left": place.coverage.outstanding + place.coverage.not_reached,
                    },
                )
            ]
            for place in one.places
        ],
        card="round",
        title=one.title,
    )
