"""Kinds of need: the office sees how each is dealt with, changes it, and takes a change back."""

from collections.abc import Callable, Sequence

from handlers.doors import let_in, present
from handlers.topic import Topic
from handlers.turn import Press, Turn, press_data
from storage.categories import (
    ChangedRule,
    Changing,
    change_rule,
    get_changed,
    list_switched_off,
    undo_change,
)
from storage.choices import Button
from storage.organisations import list_kinds
from storage.people import Person
from storage.refusals import NotAllowed, TooLate
from storage.rules.areas import Area, Category, Mode, Urgency, VolunteerMay, categories_of

CARD = "categories"
HOURS = ("0", "24", "48", "72", "168")
AREAS, CATEGORIES = tuple(Area), tuple(Category)
# What a field may be, in the order of its buttons; providers are the kinds of organisations.
VALUES: dict[Changing, Sequence[str]] = {
    Changing.URGENCY: (Urgency.U1, Urgency.U2, Urgency.U3),
    Changing.VOLUNTEER_MAY: tuple(VolunteerMay),
    Changing.MODE: tuple(Mode),
    Changing.VERIFY_HOURS: HOURS,
}


def open_categories(turn: Turn) -> None:
    """/categories: for the office; for anybody else a command like any unknown one."""
    if let_in(turn, "categories", office=True) is not None:
        turn.say("category_areas", buttons=_areas(), card=CARD)


def press_category(turn: Turn, press: Press) -> None:
    """A button of the areas, of one area, or of one kind of need."""
    acts: dict[str, Callable[[Turn, Press], None]] = {
        "list": lambda turn, _: turn.edit("category_areas", buttons=_areas(), card=CARD),
        "area": _show_area,
        "see": lambda turn, press: _show(turn, _changed(turn, press)),
        "field": _show_field,
        "set": _set,
        "undo": _undo,
    }
    if press.act not in acts:
        raise TooLate
    _office(turn)
    acts[press.act](turn, press)


def _office(turn: Turn) -> Person:
    actor = present(turn)
    if not actor.is_office:
        raise NotAllowed
    return actor


def _category(press: Press) -> Category:
    if press.id >= len(CATEGORIES):
        raise TooLate
    return CATEGORIES[press.id]


def _changed(turn: Turn, press: Press) -> ChangedRule:
    return get_changed(turn.session, actor=_office(turn), category=_category(press))


def _areas() -> list[list[Button]]:
    flat = [
        Button(f"area.{area}", press_data("category", "area", at, 0))
        for at, area in enumerate(AREAS)
    ]
    return [flat[at : at + 2] for at in range(0, len(flat), 2)]


def _show_area(turn: Turn, press: Press) -> None:
    if press.id >= len(AREAS):
        raise TooLate
    off = list_switched_off(turn.session)
    flat = [
        Button(
            "verbatim" if one not in off else "community.hidden",
            press_data("category", "see", CATEGORIES.index(one), 0),
            {"text": _label(turn, f"category.{one}")},
        )
        for one in categories_of(AREAS[press.id])
    ]
    lines = [flat[at : at + 2] for at in range(0, len(flat), 2)]
    back = [Button("rule.list", press_data("category", "list", 0, 0))]
    turn.edit("category_area", buttons=[*lines, back], card=CARD, area=AREAS[press.id].value)


def _show(turn: Turn, one: ChangedRule) -> None:
    rule, number = one.rule, CATEGORIES.index(one.rule.category)
    names = _kind_names(turn)
    fields = [field for field in Changing if not (rule.fixed and _is_held(field))]
    buttons = [_field_button(turn, one, number, field) for field in fields]
    if one.undo_field is not None:
        undo = press_data("category", "undo", number, one.version)
        buttons.append([Button("rule.undo", undo)])
    area = press_data("category", "area", AREAS.index(rule.area), 0)
    turn.edit(
        "category_one",
        buttons=[*buttons, [Button("rule.back", area)]],
        card=CARD,
        category=rule.category.value,
        active=rule.active,
        fixed=rule.fixed,
        urgency=rule.urgency.value,
        may=rule.volunteer_may.value,
        mode=rule.mode.value,
        hours=rule.verify_hours,
        providers=[names.get(key, key) for key in rule.providers],
        department=rule.department,
        qualification=rule.qualification,
        small=rule.small,
        minors=rule.minors,
        risky=rule.risky,
    )


def _is_held(field: Changing) -> bool:
    return field in (Changing.ACTIVE, Changing.URGENCY)


def _field_button(turn: Turn, one: ChangedRule, number: int, field: Changing) -> list[Button]:
    """Switching on and off is one press; everything else asks what it shall be."""
    if field is Changing.ACTIVE:
        value, label = ("no", "rule.off") if one.rule.active else ("yes", "rule.on")
        data = press_data("category", "set", number, one.version, f"{field}.{value}")
        return [Button(label, data)]
    data = press_data("category", "field", number, one.version, field.value)
    return [Button(f"rule.{field}", data)]


def _show_field(turn: Turn, press: Press) -> None:
    one, field = _changed(turn, press), _field(press.extra)
    if field is Changing.ACTIVE:
        raise TooLate
    names = _kind_names(turn) if field is Changing.PROVIDERS else {}
    chosen = set(one.rule.providers)
    flat = [
        Button(
            "form.ticked" if value in chosen else _value_label(field),
            press_data("category", "set", press.id, one.version, f"{field}.{value}"),
            _value_facts(turn, field, value, names, ticked=value in chosen),
        )
        for value in (names or VALUES[field])
    ]
    back = [Button("rule.card", press_data("category", "see", press.id, 0))]
    turn.edit(
        "category_field",
        buttons=[*[flat[at : at + 2] for at in range(0, len(flat), 2)], back],
        card=CARD,
        category=one.rule.category.value,
        field=field.value,
    )


def _value_label(field: Changing) -> str:
    return "rule.hours" if field is Changing.VERIFY_HOURS else "verbatim"


def _value_facts(
    turn: Turn, field: Changing, value: str, names: dict[str, str], *, ticked: bool
) -> dict[str, str | int | bool | list[str] | None]:
    if field is Changing.VERIFY_HOURS:
        return {"hours": value}
    if field is Changing.PROVIDERS:
        text = names[value]
        return {"key": "verbatim", "text": text} if ticked else {"text": text}
    group = "urgency" if field is Changing.URGENCY else f"rule_{field}"
    return {"text": _label(turn, f"{group}.{value}")}


def _set(turn: Turn, press: Press) -> None:
    """Change one field; a kind of organisation that is pressed comes last, or goes."""
    word, _, value = press.extra.partition(".")
    field, one = _field(word), _changed(turn, press)
    if field is Changing.PROVIDERS:
        before = one.rule.providers
        kept = [key for key in before if key != value]
        value = ",".join(kept if value in before else [*kept, value])
    changed = change_rule(
        turn.session,
        now=turn.now,
        actor=_office(turn),
        category=_category(press),
        field=field,
        value=value,
        version=press.version,
    )
    _show(turn, changed)


def _undo(turn: Turn, press: Press) -> None:
    _show(
        turn,
        undo_change(
            turn.session,
            now=turn.now,
            actor=_office(turn),
            category=_category(press),
            version=press.version,
        ),
    )


def _field(word: str) -> Changing:
    if word not in list(Changing):
        raise TooLate
    return Changing(word)


def _kind_names(turn: Turn) -> dict[str, str]:
    return {kind.key: kind.name for kind in list_kinds(turn.session)}


def _label(turn: Turn, key: str) -> str:
    return turn.wording.label(key, language=turn.language)


TOPIC = Topic(commands={"categories": open_categories}, presses={"category": press_category})
