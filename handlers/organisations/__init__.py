"""The tree of organisations in the chat: looked at, changed, staffed; and handing over."""

from handlers.organisations import (
    actions,
    attached,
    cards,
    forms,
    handover,
    kinds,
    links,
    staff,
    visits,
)
from handlers.topic import Topic

TOPIC = Topic(
    commands={"organisations": cards.open_tree, "handover": handover.begin},
    presses={
        "org": cards.press,
        "org_staff": staff.press,
        "org_tied": attached.press,
        "org_link": links.press,
        "org_visit": visits.press,
        "org_kind": kinds.press,
        "org_action": actions.press,
    },
    forms=(
        forms.ADD,
        forms.RENAME,
        forms.MOVE,
        staff.CONTACT,
        attached.ATTACH,
        links.ADD,
        visits.ASK,
        kinds.NAME,
        actions.OWNER,
        handover.FORM,
    ),
)
