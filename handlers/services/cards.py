"""An entry of the catalogue as a card: who, what, where, when, and how much."""

from collections.abc import Mapping

from handlers.turn import press_data
from storage.choices import Button
from storage.refusals import Fact
from storage.services import Service

CARD = "services"
Lines = list[list[Button]]


def card_of(service_id: int) -> str:
    """The name under which an entry's choices stand in a chat."""
    return f"service:{service_id}"


def facts_of(one: Service) -> Mapping[str, Fact]:
    """Plain facts for the wording of an entry."""
    return {
        "category": one.category.value,
        "organisation": one.organisation,
        "provider": one.provider,
        "state": one.state,
        "communities": list(one.communities),
        "capacity": one.capacity,
        "hours": one.hours or None,
        "contact": one.contact or None,
        "text": one.text or None,
    }


def keeping_buttons(one: Service, *, office: bool) -> Lines:
    """What whoever keeps an entry may do with it."""

    def press(act: str, extra: str = "") -> Button:
        label = f"service.{act}_{extra}" if extra else f"service.{act}"
        return Button(label, press_data("service", act, one.id, one.version, extra))

    lines = [
        [press("change", "area"), press("change", "capacity")],
        [press("change", "hours"), press("change", "contact")],
        [press("change", "text")],
    ]
    if one.state == "unconfirmed" and office:
        lines.insert(0, [press("confirm")])
    lines.append([press("resume" if one.state == "paused" else "pause"), press("end")])
    lines.append([Button("service.all", press_data("service", "org", one.organisation_id, 0))])
    return lines
