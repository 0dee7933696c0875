"""Needs: stated in two moves, offered, claimed, closed; and what coordinators decide."""

from handlers.needs import (
    claims,
    desk,
    door,
    media,
    mine,
    offers,
    own,
    own_words,
    places,
    referral_forms,
    referrals,
    small,
    stating,
    teams,
    verifying,
    voices,
    why,
    wishing,
)
from handlers.topic import Topic
from handlers.turn import Turn


def hear(turn: Turn, text: str) -> bool:
    """Free words: a time somebody was asked for, else a need."""
    return claims.hear_time(turn, text) or stating.hear_need(turn, text)


TOPIC = Topic(
    commands={
        "mine": mine.show_mine,
        "kinds": own_words.show_kinds,
        "small": small.show_small,
        "door": door.open_door,
    },
    presses={
        "need": own.press_need,
        "offer": offers.press_offer,
        "kinds": own_words.press_kinds,
        "small": small.press_small,
        "team": teams.press_team,
        "claim": claims.press_claim,
        "desk": desk.press_desk,
        "place": places.press_place,
        "media": voices.press_media,
        "referral": referrals.press_referral,
        "verify": verifying.press_verify,
        "wish": wishing.press_wish,
        "door": door.press_door,
    },
    forms=(
        *(stating.FORM, own.ADD, claims.WHEN, claims.DONE, desk.CLOSE, places.SPLIT),
        *(own_words.REST, why.NAME, voices.WORDS, door.FORM),
        *(verifying.CHANGE, verifying.REFUSE, wishing.WISH),
        *(referral_forms.WHEN, referral_forms.DECLINE, referral_forms.ASK),
        *(referral_forms.DONE, referral_forms.ANSWER),
    ),
    words=hear,
    entries=voices.hear_words,
    media=media.take_media,
)
