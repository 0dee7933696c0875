"""The bot at Telegram's pace although the Bot API is on this machine, where it keeps none.

Run as ``python -m bench.paced run --polling``.
"""

from bot import assembly
from bot.command_line import main
from bot.pace import Pace


def _paced(*, rate: float | None, chat_gap: float) -> Pace:
    return Pace(rate=rate or assembly.MESSAGES_A_SECOND, chat_gap=chat_gap)


if __name__ == "__main__":
    vars(assembly)["Pace"] = _paced
    main()
