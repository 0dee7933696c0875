"""The buttons below a need, by who looks at it and where it stands."""

from storage.choices import Button
from storage.needs.cards import NeedCard
from storage.rules.lifecycle import NeedState
from storage.rules.referring import ReferralState

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
        return [*done_buttons(card), *_wrong(card)]
    had = card.referral
    if had is not None and had.state is ReferralState.DONE:
        return solved_buttons(card)
    asks = had is not None and had.asked == "resident"
    return [*(referral_answer_buttons(card) if asks else []), *_own_buttons(card)]


def _own_buttons(card: NeedCard) -> Lines:
    if card.state is NeedState.CANCELLED:
        return [[button("need.want_again", "need", "reopen", card.id, card.version)]]
    if card.state is NeedState.CLOSED:
        # Some things are only said when the helper has left.
        again = button("need.reopen", "need", "reopen", card.id, card.version)
        return [[again], wrong_line(card)]
    return [
        [button("need.add", "need", "add", card.id, card.version)],
        [button("need.change", "need", "change", card.id, card.version)],
        _more_of_it(card),
        [button("need.cancel", "need", "cancel", card.id, card.version)],
        *_wrong(card),
    ]


def _more_of_it(card: NeedCard) -> list[Button]:
    """More people, or again and again; not of a visit of a service, nor of an institution."""
    people = button("need.people", "place", "ask", card.id, card.version)
    regular = button("need.regular", "series", "new", card.id, card.version)
    once = card.series_id is not None or card.served_id is not None
    return [people] if once else [people, regular]


def _wrong(card: NeedCard) -> Lines:
    return [] if card.claim is None else [wrong_line(card)]


def wrong_line(card: NeedCard) -> list[Button]:
    """Something went wrong between the two: whom, what and the words are asked for then."""
    return [button("complaint.about", "complaint", "about", card.id, 0)]


def done_buttons(card: NeedCard) -> Lines:
    """The answers to "was it done?"."""
    return [
        [
            button("need.yes", "need", "yes", card.id, card.version),
            button("need.not_yet", "need", "notyet", card.id, card.version),
        ]
    ]


def solved_buttons(card: NeedCard) -> Lines:
    """The answers to "is it solved?", which an organisation says it is."""
    had = card.referred
    return [
        [
            button("referral.yes", "referral", "yes", had.id, had.version),
            button("referral.no", "referral", "no", had.id, had.version),
        ]
    ]


def referral_answer_buttons(card: NeedCard) -> Lines:
    """The way to answer what an organisation asks back."""
    had = card.referred
    return [[button("referral.answer", "referral", "answer", had.id, had.version)]]


def objection_buttons(card: NeedCard) -> Lines:
    """The way to say that a no is seen otherwise."""
    return [[button("verify.object", "verify", "object", card.id, card.version)]]


def organisation_buttons(card: NeedCard) -> Lines:
    """What the organisation that has the need may do now."""
    had = card.referred

    def press(act: str) -> Button:
        return button(f"referral.{act}", "referral", act, had.id, had.version)

    if had.state is ReferralState.OFFERED:
        return [[press("accept")], [press("ask")], [press("decline")]]
    if had.state is ReferralState.ASKED_BACK:
        return [[press("accept")], [press("decline")]]
    if had.state is ReferralState.ACCEPTED:
        return [[press("contact")], [press("done"), press("date")], [press("decline")]]
    return []


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
    done = button("claim.done", "claim", "done", held.id, held.version)
    if held.arrived_at is not None:
        return [[done], cannot, wrong_line(card)]
    other = button("claim.other_time", "claim", "ask", held.id, held.version)
    act, label = ("way", "claim.on_way") if held.on_way_at is None else ("here", "claim.here")
    next_one = button(label, "claim", act, held.id, held.version)
    return [[next_one, done], [other], cannot, wrong_line(card)]


def rating_buttons(card: NeedCard) -> Lines:
    """How it was, in words; nothing is asked of who does not want to say."""
    lines = [
        [button(f"satisfied.{one}", "need", "rate", card.id, card.version, str(one))]
        for one in range(5, 0, -1)
    ]
    return [*lines, *resident_buttons(card)]


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
            [button("desk.refer", "desk", "refer", card.id, card.version)],
            [people, split],
            [close],
        ]
    if card.state is NeedState.VERIFYING:
        return [*_verify_buttons(card), [close]]
    if card.state is NeedState.REFERRED:
        return [*_phone_buttons(card), [close]]
    if card.state is NeedState.CLAIMED:
        free = button("desk.take_back", "desk", "free", card.id, card.version)
        return [*media_line(card), [again], [free], [close]]
    if card.state is NeedState.DONE:
        return [[again], [close]]
    return []


def _verify_buttons(card: NeedCard) -> Lines:
    """How it was verified is the answer itself: one press where everything is as was said."""

    def press(act: str, extra: str = "") -> Button:
        label = f"verify.{act}_{extra}" if extra else f"verify.{act}"
        return button(label, "verify", act, card.id, card.version, extra)

    return [
        [press("right", "phone")],
        [press("right", "visit")],
        [press("right", "known")],
        [press("change")],
        [press("no")],
    ]


def _phone_buttons(card: NeedCard) -> Lines:
    """What the desk notes for an organisation that was phoned, or for the resident."""
    had = card.referred

    def press(act: str, label: str) -> Button:
        return button(f"referral.{label}", "referral", act, had.id, had.version)

    back = [press("back", "back")]
    if had.state is ReferralState.ASKED_BACK:
        return [[press("answer", "desk_answer")], back]
    if had.state is ReferralState.OFFERED:
        return [
            [press("accept", "phone_accept")],
            [press("decline", "phone_decline")],
            back,
        ]
    if had.state is ReferralState.ACCEPTED:
        return [[press("done", "phone_done")], back]
    return [[press("yes", "phone_yes")], [press("no", "phone_no")], back]
