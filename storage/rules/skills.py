"""What a volunteer can do and when, and which skills suit which category of need."""

from collections.abc import Collection
from datetime import datetime, time
from enum import StrEnum
from types import MappingProxyType

from storage.rules.areas import Category, VolunteerMay


class Skill(StrEnum):
    """A skill that a volunteer ticks when joining."""

    VISITS_AND_CHAT = "visits_and_chat"  # 陪伴聊天
    ERRANDS = "errands"  # 代办代购
    HOUSEWORK = "housework"  # 家务
    MEALS = "meals"  # 送餐
    ESCORT = "escort"  # 陪诊出行
    REPAIRS = "repairs"  # 维修
    HAIRCUT = "haircut"  # 理发
    TUTORING = "tutoring"  # 助学
    PHONE_CALLS = "phone_calls"  # 电话问候
    SIGN_LANGUAGE = "sign_language"  # 手语
    PAPERWORK = "paperwork"  # 陪办手续
    BODY_CARE = "body_care"  # 生活照料(受过培训)
    MASSAGE = "massage"  # 按摩
    DEVICES = "devices"  # 辅具维修和使用
    LISTENING = "listening"  # 心理倾听(受过培训)
    FARM_WORK = "farm_work"  # 农活


class TimeSlot(StrEnum):
    """When a volunteer is usually free, in the programme's time zone."""

    WEEKDAY_DAY = "weekday_day"
    WEEKDAY_EVENING = "weekday_evening"
    WEEKEND = "weekend"
    ANY_TIME = "any_time"


EVENING = time(18, 0)
_SATURDAY = 5

# Any one of these skills suits the category. A category that is absent needs none in particular.
SKILLS_FOR = MappingProxyType(
    {
        Category.HOME_CARE: frozenset({Skill.BODY_CARE}),
        Category.HOUSEKEEPING: frozenset({Skill.HOUSEWORK}),
        Category.ERRAND: frozenset({Skill.ERRANDS}),
        Category.MEAL_HELP: frozenset({Skill.MEALS, Skill.ERRANDS}),
        Category.HAIRCUT: frozenset({Skill.HAIRCUT}),
        Category.HOME_REPAIR: frozenset({Skill.REPAIRS}),
        Category.ESCORT_TRANSPORT: frozenset({Skill.ESCORT}),
        Category.GOODS_RELIEF: frozenset({Skill.ERRANDS}),
        Category.FARM_HELP: frozenset({Skill.FARM_WORK}),
        Category.MASSAGE: frozenset({Skill.MASSAGE}),
        Category.MEDICAL_MEDICINE: frozenset({Skill.ERRANDS, Skill.ESCORT}),
        Category.ASSISTIVE_DEVICE: frozenset({Skill.DEVICES, Skill.REPAIRS}),
        Category.MENTAL_SUPPORT: frozenset({Skill.LISTENING}),
        Category.STUDY_HELP: frozenset({Skill.TUTORING}),
        Category.SKILLS_TRAINING: frozenset({Skill.TUTORING, Skill.SIGN_LANGUAGE}),
        Category.CERT_SERVICE: frozenset({Skill.PAPERWORK}),
        Category.COMPANIONSHIP: frozenset({Skill.VISITS_AND_CHAT, Skill.PHONE_CALLS}),
        Category.CULTURE_SPORTS: frozenset({Skill.VISITS_AND_CHAT, Skill.ESCORT}),
        Category.BASIC_LIFE_INTERRUPTION: frozenset({Skill.ERRANDS, Skill.REPAIRS}),
    }
)


def has_skill_for(skills: Collection[Skill], category: Category) -> bool:
    """Whether one of the skills is the category's own."""
    return any(skill in SKILLS_FOR.get(category, frozenset()) for skill in skills)


def suits(skills: Collection[Skill], category: Category, may: VolunteerMay) -> bool:
    """Whether somebody with these skills may take the category on at all, as the rule stands."""
    if may is VolunteerMay.WITH_SKILL:
        return has_skill_for(skills, category)
    return may is VolunteerMay.YES


def slot_of(moment_local: datetime) -> TimeSlot:
    """The slot in which a local moment lies."""
    if moment_local.weekday() >= _SATURDAY:
        return TimeSlot.WEEKEND
    if moment_local.time() >= EVENING:
        return TimeSlot.WEEKDAY_EVENING
    return TimeSlot.WEEKDAY_DAY


def is_free(slots: Collection[TimeSlot], moment_local: datetime) -> bool:
    """Whether somebody with these slots is usually free at a local moment."""
    return TimeSlot.ANY_TIME in slots or slot_of(moment_local) in slots
