"""Rehabilitation in the chat: the register of stations, satisfaction, records of home visits."""

from handlers.rehab import home_visits, rating, sites
from handlers.topic import Topic

TOPIC = Topic(
    presses={
        "site": sites.press,
        "rate": rating.press,
        "visit_log": home_visits.press,
    },
    forms=(sites.REGISTER, sites.GUIDE, home_visits.WRITE),
)
