"""Sample facts of pairs that cannot be read off a template: lists that run side by side."""

from messages.render import Fact

MOMENT = "2026-11-25T02:00:00+00:00"


def lists_of_pairs(hostile: str) -> dict[str, dict[str, Fact]]:
    """Return them, with words that somebody tries to break a message with."""
    what: dict[str, Fact] = {"acts": ["greet", "errand"], "frequency": "weekly"}
    asked = (
        *("pair_what", "pair_ask_resident", "pair_ask_helper", "pair_agreed", "ask_pair_review"),
        *("pair_own", "ask_pair_spoken"),
    )
    return {
        **{key: dict(what) for key in asked},
        "pair_coverage": {
            "places": [hostile, ""],
            "all": ["12", "3"],
            "have": ["7", "0"],
            "percent": 47,
        },
        "pairs_unpaired": {
            "names": [hostile, "陈素芬"],
            "places": ["桂花社区", ""],
            "whys": ["ended", "never_asked"],
            "endings": ["helper_moved", ""],
        },
        "pair_home": {
            "helpers": [hostile],
            "kinds": ["neighbour"],
            "states": ["active"],
            "names": [hostile, "李阿姨"],
            "reasons": ["near=unit,helped,speaks=chongqing", "near=community"],
            "chats": ["chat", ""],
        },
        "pair_see": {
            **what,
            "agreed_at": MOMENT,
            "sign_at": MOMENT,
            "at": [MOMENT, MOMENT],
            "by": [hostile, "李阿姨"],
            "outcomes": ["problem", "done"],
            "done": ["", "greet,talk"],
            "words": [hostile, ""],
        },
        "pairs_waiting": {
            "residents": [hostile, "陈素芬"],
            "helpers": ["李阿姨", hostile],
            "endings": ["helper_died", ""],
        },
        "pairs_tellings": {
            "names": [hostile],
            "others": ["李阿姨"],
            "endings": ["helper_died"],
            "staff": ["孙丽"],
        },
    }
