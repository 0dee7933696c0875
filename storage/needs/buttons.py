"""The buttons below a need, by who looks at it and where it stands."""

from storage.choices import Button
from storage.needs.cards import NeedCard
from storage.rules.lifecycle import NeedState

Lines = list[list[Button]]


def button(label: str, topic: str, act: str, id: int, version: int, extra: str = "") -> Button:
    """Make a button; its data names the thing, its id and its version."""
    data = f"{topic}:{act}:{id}:{version}" + (f":{extra}" if extra else "")
    return Button(label=label, data=data)


def media_line(card: NeedCard) -> Lines:
    """The button that plays the voices and shows the photos of a need, if there are any."""
    if not card.has_media:
        return []
    return [[button("media.play", "media", "play", card.id, card.version)]]


def resident_buttons(card: NeedCard) -> Lines:
    """What those who speak for the resident may do now."""
    if card.state is NeedState.DONE:
        return done_buttons(card)
    if card.state in (NeedState.CLOSED, NeedState.CANCELLED):
        return []
    return [
        [button("need.add", "need", "add", card.id, card.version)],
        [button("need.change", "need", "change", card.id, card.version)],
        _more_of_it(card),
        [button("need.cancel", "need", "cancel", card.id, card.version)],
    ]


def _more_of_it(card: NeedCard) -> list[Button]:
    """More people, or again and again; a visit of a service that recurs is that already."""
    people = button("need.people", "place", "ask", card.id, card.version)
    regular = button("need.regular", "series", "new", card.id, card.version)
    return [people] if card.series_id is not None else [people, regular]


def done_buttons(card: NeedCard) -> Lines:
    """The answers to "was it done?"."""
    return [
        [
            button("need.yes", "need", "yes", card.id, card.version),
            button("need.not_yet", "need", "notyet", card.id, card.version),
        ]
    ]


def offer_buttons(card: NeedCard, *, among: bool = False) -> Lines:
    """The answers to an offer; ``among``: somebody chooses among those who would like to."""
    yes = ("offer.will", "will") if among else ("offer.go", "go")
    return [
        [
            button(yes[0], "offer", yes[1], card.id, card.version),
            button("offer.not_now", "offer", "no", card.id, card.version),
        ],
        [button("offer.more", "offer", "more", card.id, card.version)],
    ]


def choose_lines(card: NeedCard, willing: int) -> Lines:
    """The button under which those who would like to stand, when there are any."""
    if not willing:
        return []
    return [[button("desk.choose", "desk", "choose", card.id, card.version)]]


def task_buttons(card: NeedCard) -> Lines:
    """What the volunteer who has the need may do now."""
    held = card.claim
    if held is None or card.state is not NeedState.CLAIMED:
        return []
    cannot = [button("claim.cannot", "claim", "cannot", held.id, held.version)]
    if card.series_id is not None:
        cannot.append(button("series.leave", "series", "leave", card.series_id, 0))
    if held.arrives_at is None:
        when = button("claim.say_when", "claim", "ask", held.id, held.version)
        return [[when], cannot]
    going = [button("claim.done", "claim", "done", held.id, held.version)]
    if held.on_way_at is None:
        going.insert(0, button("claim.on_way", "claim", "way", held.id, held.version))
    return [going, [button("claim.other_time", "claim", "ask", held.id, held.version)], cannot]


def desk_buttons(card: NeedCard) -> Lines:
    """What a coordinator may do with a need that came to the desk."""
    close = button("desk.close", "desk", "close", card.id, card.version)
    again = button("desk.ask_again", "desk", "again", card.id, card.version)
    if card.state is NeedState.UNCLAIMED:
        people = button("need.people", "place", "ask", card.id, card.version)
        split = button("desk.split", "place", "split", card.id, card.version)
        return [
            *media_line(card),
            [button("desk.assign", "desk", "assign", card.id, card.version)],
            [people, split],
            [close],
        ]
    if card.state is NeedState.CLAIMED:
        free = button("desk.take_back", "desk", "free", card.id, card.version)
        return [*media_line(card), [again], [free], [close]]
    if card.state is NeedState.DONE:
        return [[again], [close]]
    return []
