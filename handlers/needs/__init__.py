"""Needs: stated in two moves, offered, claimed, closed; and what coordinators decide."""

from handlers.needs import door, media, mine, own, places
from handlers.needs.after import outcomes, visits
from handlers.needs.desk import deciding, referral_forms, referrals, verifying, voices, why
from handlers.needs.helping import claims, offers, own_words, small, stepping, teams
from handlers.needs.stating import form, wishing
from handlers.topic import Topic
from handlers.turn import Turn


def hear(turn: Turn, text: str) -> bool:
    """Free words: a word from the door, a time somebody was asked for, else a need."""
    return (
        visits.hear_word(turn, text) or claims.hear_time(turn, text) or form.hear_need(turn, text)
    )


AFTER = (outcomes.OUTCOME, outcomes.REOPEN, visits.REMARK, visits.REFLECT)
TOPIC = Topic(
    commands={
        "mine": mine.show_mine,
        "kinds": own_words.show_kinds,
        "small": small.show_small,
        "door": door.open_door,
        "remarks": visits.show_remarks,
    },
    presses={
        "need": own.press_need,
        "offer": offers.press_offer,
        "kinds": own_words.press_kinds,
        "small": small.press_small,
        "team": teams.press_team,
        "claim": claims.press_claim,
        "desk": deciding.press_desk,
        "place": places.press_place,
        "media": voices.press_media,
        "referral": referrals.press_referral,
        "verify": verifying.press_verify,
        "wish": wishing.press_wish,
        "door": door.press_door,
        "stand": stepping.press_stand,
        "visit": visits.press_visit,
    },
    forms=(
        *(form.FORM, own.ADD, claims.WHEN, claims.DONE, deciding.CLOSE, places.SPLIT),
        *(own_words.REST, why.NAME, voices.WORDS, *door.FORMS),
        *(verifying.CHANGE, verifying.REFUSE, wishing.WISH),
        *(referral_forms.WHEN, referral_forms.DECLINE, referral_forms.ASK),
        *(referral_forms.DONE, referral_forms.ANSWER),
        *AFTER,
    ),
    words=hear,
    entries=voices.hear_words,
    media=media.take_media,
)
