"""The six areas of need, the categories in each, and who may take them on.

Areas: programme document 2020-116, part 1, which names 生产生活、康复医疗、教育培训、劳动就业、
权益保障、参与社会. Emergencies and everything else stand beside them.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Any


class Area(StrEnum):
    """One of the programme's six areas, or one of the two beside them."""

    LIVELIHOOD = "livelihood"  # 生产生活
    HEALTH = "health"  # 康复医疗
    LEARNING = "learning"  # 教育培训
    WORK = "work"  # 劳动就业
    RIGHTS = "rights"  # 权益保障
    PARTICIPATION = "participation"  # 参与社会
    EMERGENCY = "emergency"  # 紧急
    OTHER = "other"  # 其他


class Urgency(StrEnum):
    """How soon: minutes (U0), the same day (U1), seven days (U2), as planned (U3)."""

    U0 = "U0"
    U1 = "U1"
    U2 = "U2"
    U3 = "U3"


class VolunteerMay(StrEnum):
    """Whether a volunteer may take a category on alone."""

    YES = "yes"
    WITH_SKILL = "with_skill"
    NO = "no"


class Category(StrEnum):
    """What kind of need it is; the value is the key in data, labels and reports."""

    HOME_CARE = "home_care"
    HOUSEKEEPING = "housekeeping"
    ERRAND = "errand"
    MEAL_HELP = "meal_help"
    HAIRCUT = "haircut"
    HOME_REPAIR = "home_repair"
    ESCORT_TRANSPORT = "escort_transport"
    GOODS_RELIEF = "goods_relief"
    FARM_HELP = "farm_help"
    HOME_ACCESSIBILITY = "home_accessibility"
    HOME_REHAB = "home_rehab"
    MASSAGE = "massage"
    MEDICAL_MEDICINE = "medical_medicine"
    ASSISTIVE_DEVICE = "assistive_device"
    CHILD_REHAB = "child_rehab"
    MENTAL_SUPPORT = "mental_support"
    STUDY_HELP = "study_help"
    HOME_SCHOOLING = "home_schooling"
    SKILLS_TRAINING = "skills_training"
    JOB_SEEK = "job_seek"
    STARTUP_PROJECT = "startup_project"
    CERT_SERVICE = "cert_service"
    TWO_SUBSIDIES = "two_subsidies"
    SOCIAL_ASSISTANCE = "social_assistance"
    CARE_PLACEMENT = "care_placement"
    LEGAL_AID = "legal_aid"
    SOCIAL_INSURANCE = "social_insurance"
    COMPANIONSHIP = "companionship"
    CULTURE_SPORTS = "culture_sports"
    PUBLIC_ACCESSIBILITY = "public_accessibility"
    MUTUAL_HELP = "mutual_help"
    EMERGENCY_MEDICAL = "emergency_medical"
    EMERGENCY_FIRE_GAS = "emergency_fire_gas"
    EMERGENCY_MISSING = "emergency_missing"
    EMERGENCY_SELF_HARM = "emergency_self_harm"
    EMERGENCY_VIOLENCE = "emergency_violence"
    BASIC_LIFE_INTERRUPTION = "basic_life_interruption"
    PRIVACY_REQUEST = "privacy_request"
    DONATION = "donation"
    COMPLAINT = "complaint"
    INFO_QUERY = "info_query"
    NOT_A_NEED = "not_a_need"
    UNCLEAR = "unclear"


class Mode(StrEnum):
    """How it is settled who goes."""

    FIRST_COME = "first_come"  # 抢单
    CHOSEN = "chosen"  # 竞标: a coordinator chooses among the willing


class Verify(StrEnum):
    """Whether somebody makes sure of a need before it is offered (核实)."""

    NONE = "none"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """How a kind of need is dealt with; data/categories.toml says what each field means."""

    category: Category
    area: Area
    urgency: Urgency
    volunteer_may: VolunteerMay
    providers: tuple[str, ...] = ()
    department: str | None = None
    mode: Mode = Mode.FIRST_COME
    verify: Verify = Verify.NONE
    verify_hours: int = 0
    qualification: str | None = None
    risky: bool = False
    small: bool = False
    minors: bool = False
    fixed: bool = False
    active: bool = True


def read_rules(text: str) -> Mapping[Category, CategoryRule]:
    """Read the table of categories; raises ValueError when one is missing or cannot be meant."""
    rules = {
        Category(key): _rule(Category(key), Area(area), row)
        for area, rows in tomllib.loads(text).items()
        for key, row in rows.items()
    }
    missing = set(Category) - set(rules)
    if missing:
        raise ValueError(f"no rule for {sorted(missing)}")
    return MappingProxyType(rules)


def _rule(category: Category, area: Area, row: Mapping[str, Any]) -> CategoryRule:
    hours = int(row.get("verify_hours", 0))
    plain = {key: row[key] for key in ("risky", "small", "minors", "fixed") if key in row}
    return CategoryRule(
        category=category,
        area=area,
        urgency=Urgency(row["urgency"]),
        volunteer_may=VolunteerMay(row["volunteer_may"]),
        providers=tuple(row.get("providers", ())),
        department=row.get("department"),
        mode=Mode(row.get("mode", Mode.FIRST_COME)),
        verify=Verify.COORDINATOR if hours else Verify.NONE,
        verify_hours=hours,
        qualification=row.get("qualification"),
        **plain,
    )


# As shipped. Where the office's changes must count: storage.categories.rule_of.
CATEGORIES = read_rules(
    files("storage.rules").joinpath("data", "categories.toml").read_text(encoding="utf-8")
)

# What a resident is offered when the reading was wrong: an area first, then its most usual kind.
SIX_AREAS = (
    Area.LIVELIHOOD,
    Area.HEALTH,
    Area.LEARNING,
    Area.WORK,
    Area.RIGHTS,
    Area.PARTICIPATION,
)


def categories_of(area: Area) -> tuple[Category, ...]:
    """The categories of an area, the most usual first."""
    return tuple(category for category, facts in CATEGORIES.items() if facts.area is area)


# What 2020-116 calls "家庭生活方面的实际需求": reported as a line of its own.
LIFE_AT_HOME = frozenset(
    {
        Category.HOME_CARE,
        Category.HOUSEKEEPING,
        Category.ERRAND,
        Category.MEAL_HELP,
        Category.HAIRCUT,
        Category.HOME_REPAIR,
        Category.HOME_ACCESSIBILITY,
    }
)
