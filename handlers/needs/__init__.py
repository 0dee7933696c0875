"""Needs: stated in two moves, offered, claimed, closed; and what coordinators decide."""

from handlers.needs import door, media, mine, own, places
from handlers.needs.after import outcomes, visits
from handlers.needs.desk import deciding, referral_forms, referrals, verifying, voices, why
from handlers.needs.helping import claims, offers, own_words, small, stepping, teams
from handlers.needs.stating import form, wishing
from handlers.topic import Topic
from handlers.turn import Turn


def hear_awaited(turn: Turn, text: str) -> bool:
    """Words that somebody is waited for to say: a word from the door, a time."""
    return visits.hear_word(turn, text) or claims.hear_time(turn, text)


# Apart, to be heard before questions: 星星 at the door was taken for one.
AWAITED = Topic(words=hear_awaited)
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
    words=form.hear_need,
    entries=voices.hear_words,
    media=media.take_media,
)
