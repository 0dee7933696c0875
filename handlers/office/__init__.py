"""The office in the chat: what waits, who is looked for, and the decisions of its desk."""

from handlers.office import figures, finding
from handlers.office.deciding import decide
from handlers.office.desk import open_office, press_office
from handlers.office.incidents import press_incident
from handlers.topic import Topic

TOPIC = Topic(
    commands={"office": open_office, "find": finding.command, "figures": figures.open_figures},
    presses={
        "office": press_office,
        "approval": decide,
        "find": finding.press_find,
        "incident": press_incident,
        "figures": figures.press_figures,
        "call_figures": figures.press_call_figures,
    },
    forms=(finding.FORM, figures.FORM),
    words=finding.hear,
)
