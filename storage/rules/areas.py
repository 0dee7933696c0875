"""The six areas of need, the categories in each, and who may take them on.

Areas: programme document 2020-116, part 1, which names 生产生活、康复医疗、教育培训、劳动就业、
权益保障、参与社会. Emergencies and everything else stand beside them.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


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


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """A category's area, the urgency it has unless the words say more, and who may take it."""

    area: Area
    urgency: Urgency
    volunteer_may: VolunteerMay


_A, _C, _U, _M = Area, Category, Urgency, VolunteerMay

_ROWS: tuple[tuple[Category, Area, Urgency, VolunteerMay], ...] = (
    (_C.HOME_CARE, _A.LIVELIHOOD, _U.U2, _M.WITH_SKILL),
    (_C.HOUSEKEEPING, _A.LIVELIHOOD, _U.U2, _M.YES),
    (_C.ERRAND, _A.LIVELIHOOD, _U.U2, _M.YES),
    (_C.MEAL_HELP, _A.LIVELIHOOD, _U.U2, _M.YES),
    (_C.HAIRCUT, _A.LIVELIHOOD, _U.U2, _M.WITH_SKILL),
    (_C.HOME_REPAIR, _A.LIVELIHOOD, _U.U2, _M.WITH_SKILL),
    (_C.ESCORT_TRANSPORT, _A.LIVELIHOOD, _U.U2, _M.YES),
    (_C.GOODS_RELIEF, _A.LIVELIHOOD, _U.U2, _M.YES),
    (_C.FARM_HELP, _A.LIVELIHOOD, _U.U3, _M.YES),
    (_C.HOME_ACCESSIBILITY, _A.LIVELIHOOD, _U.U2, _M.NO),
    (_C.HOME_REHAB, _A.HEALTH, _U.U2, _M.NO),
    (_C.MASSAGE, _A.HEALTH, _U.U2, _M.WITH_SKILL),
    (_C.MEDICAL_MEDICINE, _A.HEALTH, _U.U1, _M.YES),
    (_C.ASSISTIVE_DEVICE, _A.HEALTH, _U.U2, _M.WITH_SKILL),
    (_C.CHILD_REHAB, _A.HEALTH, _U.U2, _M.NO),
    (_C.MENTAL_SUPPORT, _A.HEALTH, _U.U2, _M.WITH_SKILL),
    (_C.STUDY_HELP, _A.LEARNING, _U.U2, _M.YES),
    (_C.HOME_SCHOOLING, _A.LEARNING, _U.U2, _M.NO),
    (_C.SKILLS_TRAINING, _A.LEARNING, _U.U3, _M.YES),
    (_C.JOB_SEEK, _A.WORK, _U.U2, _M.NO),
    (_C.STARTUP_PROJECT, _A.WORK, _U.U3, _M.NO),
    (_C.CERT_SERVICE, _A.RIGHTS, _U.U2, _M.YES),
    (_C.TWO_SUBSIDIES, _A.RIGHTS, _U.U2, _M.NO),
    (_C.SOCIAL_ASSISTANCE, _A.RIGHTS, _U.U2, _M.NO),
    (_C.CARE_PLACEMENT, _A.RIGHTS, _U.U2, _M.NO),
    (_C.LEGAL_AID, _A.RIGHTS, _U.U2, _M.NO),
    (_C.SOCIAL_INSURANCE, _A.RIGHTS, _U.U3, _M.NO),
    (_C.COMPANIONSHIP, _A.PARTICIPATION, _U.U2, _M.YES),
    (_C.CULTURE_SPORTS, _A.PARTICIPATION, _U.U3, _M.YES),
    (_C.PUBLIC_ACCESSIBILITY, _A.PARTICIPATION, _U.U3, _M.NO),
    (_C.MUTUAL_HELP, _A.PARTICIPATION, _U.U3, _M.NO),
    (_C.EMERGENCY_MEDICAL, _A.EMERGENCY, _U.U0, _M.NO),
    (_C.EMERGENCY_FIRE_GAS, _A.EMERGENCY, _U.U0, _M.NO),
    (_C.EMERGENCY_MISSING, _A.EMERGENCY, _U.U0, _M.NO),
    (_C.EMERGENCY_SELF_HARM, _A.EMERGENCY, _U.U0, _M.NO),
    (_C.EMERGENCY_VIOLENCE, _A.EMERGENCY, _U.U0, _M.NO),
    (_C.BASIC_LIFE_INTERRUPTION, _A.EMERGENCY, _U.U1, _M.YES),
    (_C.PRIVACY_REQUEST, _A.OTHER, _U.U3, _M.NO),
    (_C.DONATION, _A.OTHER, _U.U3, _M.NO),
    (_C.COMPLAINT, _A.OTHER, _U.U2, _M.NO),
    (_C.INFO_QUERY, _A.OTHER, _U.U3, _M.NO),
    (_C.NOT_A_NEED, _A.OTHER, _U.U3, _M.NO),
    (_C.UNCLEAR, _A.OTHER, _U.U2, _M.NO),
)

CATEGORIES = MappingProxyType(
    {category: CategoryFacts(area, urgency, may) for category, area, urgency, may in _ROWS}
)

# What a resident is offered when the reading was wrong: an area first, then its most usual kind.
SIX_AREAS = (
    _A.LIVELIHOOD,
    _A.HEALTH,
    _A.LEARNING,
    _A.WORK,
    _A.RIGHTS,
    _A.PARTICIPATION,
)


def categories_of(area: Area) -> tuple[Category, ...]:
    """The categories of an area, the most usual first."""
    return tuple(category for category, facts in CATEGORIES.items() if facts.area is area)
