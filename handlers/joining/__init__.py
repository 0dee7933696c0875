"""Joining: the notice and the yes, then a role: resident, caregiver, volunteer, staff by code."""

from handlers.joining import caregiver, code, resident, volunteer, welcome
from handlers.topic import Topic

TOPIC = Topic(
    commands={"start": welcome.start_over},
    presses={"join": welcome.press},
    forms=(resident.FORM, volunteer.FORM, caregiver.FORM, code.FORM),
    words=welcome.greet_stranger,
    media=welcome.greet_stranger_with_media,
)
