"""The people of the practice room: a village small enough to play in one window."""

from typing import Final

from bot.sandbox.records import Chat

COORDINATOR: Final = 9001
RESIDENT: Final = 9002
CAREGIVER: Final = 9003
NEWCOMER: Final = 9006

# Role → how the page names it, in Chinese and in English.
TITLES: Final[dict[str, tuple[str, str]]] = {
    "coordinator": ("协调员", "Coordinator"),
    "resident": ("居民 · 独居", "Resident, living alone"),
    "caregiver": ("家属 · 女儿", "Family, her daughter"),
    "volunteer": ("志愿者", "Volunteer"),
    "neighbour": ("结对邻居", "Paired neighbour"),
    "newcomer": ("新来的人", "Newcomer"),
}


def opening_cast() -> list[Chat]:
    """Everyone at the first start, by number. The newcomer has not yet said /start."""
    return [
        Chat(COORDINATOR, "王珊", role="coordinator", started=True),
        Chat(RESIDENT, "陈素芬", role="resident", started=True),
        Chat(CAREGIVER, "李梅", role="caregiver", started=True),
        Chat(9004, "张强", role="volunteer", started=True),
        Chat(9005, "刘洋", role="volunteer", started=True),
        Chat(NEWCOMER, "赵敏", role="newcomer"),
        Chat(9007, "周桂芳", role="neighbour", started=True),
    ]
