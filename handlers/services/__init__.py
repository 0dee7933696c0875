"""The catalogue of services: browsed by everybody, kept by each organisation's coordinators."""

from handlers.services import browsing, forms, keeping, licences
from handlers.topic import Topic

TOPIC = Topic(
    commands={"services": browsing.open_catalogue},
    presses={
        "service": keeping.press_service,
        "browse": browsing.press_browse,
        "licence": licences.press_licence,
    },
    forms=(forms.ADD, forms.CHANGE, licences.ADD),
)
