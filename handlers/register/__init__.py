"""The registers in the chat: a person's card for staff, and a volunteer's own entry."""

from handlers.register import certificate, change, family, own, qualifications
from handlers.register.card import press_person
from handlers.topic import Topic

TOPIC = Topic(
    commands={"profile": own.show_own},
    presses={
        "person": press_person,
        "certificate": certificate.press_certificate,
        "home": family.press_home,
        "qualification": qualifications.press_qualification,
        "own": own.press_own,
    },
    forms=(
        change.FORM,
        certificate.FORM,
        family.MEMBER_FORM,
        family.JOIN_FORM,
        qualifications.FORM,
    ),
)
