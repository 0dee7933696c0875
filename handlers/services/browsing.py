"""/services: area, kind, then who provides it, with “ask for this” for those who may ask."""

from handlers.services.cards import CARD, Lines, card_of, facts_of
from handlers.services.keeping import show_kept
from handlers.turn import Press, Turn, press_data
from storage.choices import Button
from storage.people import Person
from storage.refusals import TooLate
from storage.rules.areas import SIX_AREAS, Area, Category, categories_of
from storage.services import count_by_category, list_offered

SHOWN_AT_MOST = 8
AREAS = (*SIX_AREAS, Area.EMERGENCY, Area.OTHER)


def open_catalogue(turn: Turn) -> None:
    """/services: what there is; a coordinator sees first what their organisation lists."""
    person = turn.person
    if person is not None and person.is_approved("coordinator"):
        show_kept(turn, person, edit=False)
    else:
        _show_areas(turn, edit=False)


def press_browse(turn: Turn, press: Press) -> None:
    """A step through the catalogue, by the place of the area and of the kind in their lists."""
    if press.act == "areas":
        _show_areas(turn)
    elif press.act == "area" and press.id < len(AREAS):
        _show_kinds(turn, AREAS[press.id])
    elif press.act == "kind" and press.extra in list(Category):
        _show_entries(turn, Category(press.extra))
    else:
        raise TooLate


def _show_areas(turn: Turn, *, edit: bool = True) -> None:
    counts = count_by_category(turn.session)
    found = {area: sum(counts.get(kind, 0) for kind in categories_of(area)) for area in AREAS}
    lines: Lines = [
        [Button(f"area.{area.value}", press_data("browse", "area", at, 0))]
        for at, area in enumerate(AREAS)
        if found[area]
    ]
    speak = turn.edit if edit else turn.say
    speak("service_areas", buttons=lines, card=CARD, entries=sum(found.values()))


def _show_kinds(turn: Turn, area: Area) -> None:
    counts = count_by_category(turn.session)
    lines: Lines = [
        [Button(f"category.{kind.value}", press_data("browse", "kind", 0, 0, kind.value))]
        for kind in categories_of(area)
        if counts.get(kind)
    ]
    lines.append([Button("service.areas", press_data("browse", "areas", 0, 0))])
    turn.edit("service_kinds", buttons=lines, card=CARD, area=area.value)


def _show_entries(turn: Turn, kind: Category) -> None:
    found = list_offered(turn.session, category=kind, limit=SHOWN_AT_MOST)
    asks = turn.person is not None and _may_ask(turn.person)
    for one in found:
        wish = [[Button("service.wish", press_data("wish", "ask", one.id, one.version))]]
        turn.say(
            "service_card",
            buttons=wish if asks else (),
            card=card_of(one.id),
            more=facts_of(one),
        )
    if not found:
        turn.say("service_none")


def _may_ask(person: Person) -> bool:
    return person.is_approved("resident") or person.is_approved("caregiver")
