"""The people of the bench: those who talk to the echo bot, and the village that helps itself."""

import asyncio
import random
import re
from collections.abc import Callable

from bench.register import RESIDENTS_FROM
from bench.server import Server, Shown

FIRST_CHAT = 10_000
# After so many restarts without an answer somebody presses again.
PATIENCE = 2
WORDS = "想请人帮我买一袋米和一瓶油"


class EchoPlayer:
    """Everything said waits from the beginning, so that the echo bot polls full batches.

    Its best case: with a new word only after each echo it polled seven times for ten updates and
    needed 1.9 ms for each instead of 1.4.
    """

    def __init__(self, *, chats: int, rounds: int) -> None:
        self.done = asyncio.Event()
        self._chats = range(FIRST_CHAT, FIRST_CHAT + chats)
        self._rounds = rounds
        self._open = chats * rounds

    def begin(self, server: Server) -> None:
        """Everybody speaks at once."""
        for number in range(self._rounds):
            for chat in self._chats:
                server.say(chat, f"hello {number}")

    def shown(self, shown: Shown) -> None:
        """One more came back."""
        self._open -= 1
        if not self._open:
            self.done.set()


class Village:
    """Each resident states needs one after another; each goes all the way to "it was done".

    Eight updates each: said, [send], [I'll go], [in 30 minutes], [done], [30 minutes], [skip] the
    note, [yes]. A volunteer does one thing at a time. ``pressed`` hears of each press.
    """

    def __init__(self, *, residents: int, rounds: int) -> None:
        self.done = asyncio.Event()
        self.stopped = False
        self.finished = 0
        self.pressed: Callable[[Shown, str], None] = lambda shown, data: None
        self._left = dict.fromkeys(range(RESIDENTS_FROM, RESIDENTS_FROM + residents), rounds)
        self._open = residents
        self._used: set[tuple[int, int, str]] = set()
        self._busy: dict[int, int] = {}
        self._offers: dict[int, list[Shown]] = {}
        self._helper: dict[int, int] = {}
        self._closing: dict[int, int] = {}
        self._last: dict[int, tuple[Shown, str]] = {}
        self._waited: dict[int, int] = {}
        self._in_form: dict[int, str] = {}

    def begin(self, server: Server) -> None:
        """Everybody says what they need."""
        self._server = server
        for chat in self._left:
            server.say(chat, WORDS)

    def shown(self, shown: Shown) -> None:
        """Press what this message asks for."""
        if shown.chat in self._closing and shown.edited and not shown.buttons:
            del self._closing[shown.chat]
            self._next(shown.chat)
            return
        for _, data in shown.buttons:
            topic, act, number, *_ = data.split(":")
            if (topic, act) == ("offer", "go"):
                self._offers.setdefault(int(number), []).append(shown)
                self._claim_what_waits()
                return
            if topic != "form":
                self._in_form.pop(shown.chat, None)
            if _ANSWERS.match(data):
                if topic == "form" and self._answered(shown.chat, data):
                    return
                self._press(shown, data)
                if topic == "need":
                    self._closing[shown.chat] = int(number)
                    self._free(int(number))
                return

    def nudge(self, dice: random.Random) -> None:
        """People who wait press again, some twice; who waited long for nobody says a new need."""
        for chat, (shown, data) in list(self._last.items()):
            waited = self._waited[chat] = self._waited.get(chat, 0) + 1
            if waited < PATIENCE or self.stopped:
                continue
            if waited >= 3 * PATIENCE and data.endswith(":send"):
                self._waited[chat] = 0
                self._server.say(chat, WORDS)
                continue
            self._in_form.pop(chat, None)
            for _ in range(dice.choice((1, 1, 2))):
                self._server.press(shown, data)

    def _answered(self, chat: int, data: str) -> bool:
        """Whether this question was just answered: two copies of it must not chase each other."""
        question = data.rpartition(":")[2] if ":pick:" in data else data.split(":")[1]
        if self._in_form.get(chat) == question:
            return True
        self._in_form[chat] = question
        return False

    def _press(self, shown: Shown, data: str) -> None:
        once = (shown.chat, shown.message_id, data)
        if once not in self._used:
            self._used.add(once)
            self._last[shown.chat] = (shown, data)
            self._waited[shown.chat] = 0
            self._server.press(shown, data)
            self.pressed(shown, data)

    def _claim_what_waits(self) -> None:
        for need, cards in list(self._offers.items()):
            if need in self._helper:
                continue
            free = next((card for card in cards if card.chat not in self._busy), None)
            if free is not None:
                self._busy[free.chat] = need
                self._helper[need] = free.chat
                data = next(data for _, data in free.buttons if data.startswith("offer:go:"))
                self._press(free, data)

    def _free(self, need: int) -> None:
        self._offers.pop(need, None)
        self._busy.pop(self._helper.get(need, 0), None)
        self._claim_what_waits()

    def _next(self, chat: int) -> None:
        self.finished += 1
        self._left[chat] -= 1
        if self._left[chat] and not self.stopped:
            self._server.say(chat, WORDS)
            return
        self._open -= 1
        if not self._open:
            self.done.set()


# [send], "in 30 minutes", [done], thirty minutes, no note, and yes, it was done.
_ANSWERS = re.compile(
    r"form:pick:\d+:0:(send|30)$|form:skip:|claim:at:\d+:\d+:30$|claim:done:|need:yes:"
)
