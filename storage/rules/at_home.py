"""Which needs are met at somebody's home, so that whoever comes must know the address."""

from storage.rules.areas import Category

# Everything else is done at an office, in a course, on the phone, or by staff.
AT_HOME = frozenset(
    {
        Category.HOME_CARE,
        Category.HOUSEKEEPING,
        Category.ERRAND,
        Category.MEAL_HELP,
        Category.HAIRCUT,
        Category.HOME_REPAIR,
        Category.ESCORT_TRANSPORT,
        Category.GOODS_RELIEF,
        Category.FARM_HELP,
        Category.HOME_ACCESSIBILITY,
        Category.HOME_REHAB,
        Category.MASSAGE,
        Category.MEDICAL_MEDICINE,
        Category.ASSISTIVE_DEVICE,
        Category.STUDY_HELP,
        Category.HOME_SCHOOLING,
        Category.CERT_SERVICE,
        Category.COMPANIONSHIP,
        Category.BASIC_LIFE_INTERRUPTION,
    }
)


def is_at_home(category: Category) -> bool:
    """Whether somebody will come to the door for it."""
    return category in AT_HOME
