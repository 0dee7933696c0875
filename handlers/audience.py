"""Questions that choose an audience, and what its preview says: whom, and how many."""

from collections.abc import Sequence

from handlers.dialogue import Option, Question
from handlers.doors import present
from handlers.turn import Turn
from storage.audiences import count_audience, list_seen_communities
from storage.dialogues import Answers
from storage.refusals import Fact
from storage.rules.audiences import Audience
from storage.rules.skills import Skill

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
    )


def preview(turn: Turn, answers: Answers) -> dict[str, Fact]:
    """Whom it would reach and how many: the facts of ``audience_preview``."""
    audience = audience_of(answers)
    counted = count_audience(turn.session, actor=present(turn), audience=audience)
    return {
        "roles": list(audience.roles),
        "skills": list(audience.skills),
        "people": counted.people,
        "by_chat": counted.by_chat,
        "without_chat": counted.without_chat,
        "places": [one.name or "" for one in counted.communities],
        "place_people": [str(one.people) for one in counted.communities],
        "place_by_chat": [str(one.by_chat) for one in counted.communities],
    }


def _words(answers: Answers, key: str) -> list[str]:
    chosen = answers.get(key)
    return chosen if isinstance(chosen, list) else []
