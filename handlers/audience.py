"""Questions that choose an audience, and what its preview says: whom, and how many."""

from collections.abc import Mapping, Sequence

from handlers.dialogue import Option, Question
from handlers.dialogue.form import Condition, Options
from handlers.doors import present
from handlers.turn import Turn
from storage.audiences import count_audience, list_seen_communities
from storage.dialogues import Answers
from storage.refusals import Fact
from storage.rules.ages import BANDS
from storage.rules.audiences import Audience, HouseholdKind
from storage.rules.fields import OPTIONS
from storage.rules.skills import Skill

AGES = [
    f"{low}_{high - 1}" if high is not None else f"{low}_"
    for low, high in zip(BANDS, (*BANDS[1:], None), strict=True)
]
ROLES = ("resident", "caregiver", "volunteer", "coordinator")


def _roles(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(kind, f"role.{kind}") for kind in ROLES]


def _communities(turn: Turn, _answers: Answers) -> Sequence[Option]:
    seen = list_seen_communities(turn.session, actor=present(turn))
    return [Option(str(one.id), "verbatim", {"text": one.name}) for one in seen]


def _has_several(turn: Turn, _answers: Answers) -> bool:
    return len(list_seen_communities(turn.session, actor=present(turn))) > 1


def _skills(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(skill.value, f"skill.{skill.value}") for skill in Skill]


def _only_volunteers(_turn: Turn, answers: Answers) -> bool:
    return _roles_of(answers) == ["volunteer"]


def _roles_of(answers: Answers) -> list[str]:
    """The roles that were ticked, or the one whose register a survey round asks about."""
    register = answers.get("register")
    return [register] if isinstance(register, str) else _words(answers, "roles")


def _is_office_on_residents(turn: Turn, answers: Answers) -> bool:
    return present(turn).is_office and _roles_of(answers) == ["resident"]


def _narrows(_turn: Turn, _answers: Answers) -> Sequence[Option]:
    return [Option(key, f"audience.by_{key}") for key in SEALED]


def _narrowed(key: str) -> Condition:
    def applies(turn: Turn, answers: Answers) -> bool:
        return _is_office_on_residents(turn, answers) and key in _words(answers, "narrow")

    return applies


def _offer(prefix: str, keys: Sequence[str]) -> Options:
    def options(_turn: Turn, _answers: Answers) -> Sequence[Option]:
        return [Option(key, f"{prefix}{key}") for key in keys]

    return options


def _sealed_question(key: str) -> Question:
    prefix, keys = SEALED[key]
    return Question(
        key=key,
        template="ask_audience_sealed",
        options=_offer(prefix, keys),
        many=True,
        columns=2,
        applies=_narrowed(key),
        facts=lambda _turn, _answers: {"by": key},
    )


# What stands sealed in the register, each with its words.
SEALED: Mapping[str, tuple[str, Sequence[str]]] = {
    "categories": ("choice.category.", [one.key for one in OPTIONS["category"]]),
    "grades": ("choice.grade.", [one.key for one in OPTIONS["grade"]]),
    "ages": ("age_band.", AGES),
    "households": ("audience.", list(HouseholdKind)),
}

# Of an audience whose roles are settled.
WITHIN = (
    Question(
        key="communities",
        template="ask_audience_communities",
        options=_communities,
        many=True,
        columns=2,
        may_skip=True,
        applies=_has_several,
    ),
    Question(
        key="skills",
        template="ask_audience_skills",
        options=_skills,
        many=True,
        columns=2,
        may_skip=True,
        applies=_only_volunteers,
    ),
    Question(
        key="narrow",
        template="ask_audience_narrow",
        options=_narrows,
        many=True,
        may_skip=True,
        applies=_is_office_on_residents,
    ),
    *(_sealed_question(key) for key in SEALED),
)
WHOM = (
    Question(key="roles", template="ask_audience_roles", options=_roles, many=True),
    *WITHIN,
)


def audience_of(answers: Answers) -> Audience:
    """The audience that was chosen."""
    roles = _roles_of(answers)
    return Audience(
        roles=tuple(roles),
        communities=tuple(int(one) for one in _words(answers, "communities")),
        skills=tuple(_words(answers, "skills")) if roles == ["volunteer"] else (),
        categories=_sealed(answers, "categories"),
        grades=_sealed(answers, "grades"),
        ages=_sealed(answers, "ages"),
        households=_sealed(answers, "households"),
    )


def preview(turn: Turn, answers: Answers) -> dict[str, Fact]:
    """Whom it would reach and how many: the facts of ``audience_preview``."""
    audience = audience_of(answers)
    counted = count_audience(turn.session, now=turn.now, actor=present(turn), audience=audience)
    return {
        "roles": list(audience.roles),
        "skills": list(audience.skills),
        "categories": list(audience.categories),
        "grades": list(audience.grades),
        "ages": list(audience.ages),
        "households": list(audience.households),
        "people": counted.people,
        "by_chat": counted.by_chat,
        "without_chat": counted.without_chat,
        "places": [one.name or "" for one in counted.communities],
        "place_people": [str(one.people) for one in counted.communities],
        "place_by_chat": [str(one.by_chat) for one in counted.communities],
    }


def _sealed(answers: Answers, key: str) -> tuple[str, ...]:
    """What was narrowed by; an answer to a question that was taken back does not count."""
    if _roles_of(answers) != ["resident"] or key not in _words(answers, "narrow"):
        return ()
    return tuple(_words(answers, key))


def _words(answers: Answers, key: str) -> list[str]:
    chosen = answers.get(key)
    return chosen if isinstance(chosen, list) else []
