"""The turnstile before SQLite's one writer: whoever came first goes first."""

import threading
from collections import deque


class Turnstile:
    """A lock that is handed over in the order of asking.

    threading.Lock is not: a thread that lets go and asks again at once has it again before the one
    that waits is awake. Behind an import that wrote chunk after chunk a press waited for dozens
    of chunks, and an alarm would have.
    """

    __slots__ = ("_inside", "_taken", "_waiting")

    def __init__(self) -> None:
        self._inside = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    @property
    def waiting(self) -> int:
        """How many stand in the line."""
        return len(self._waiting)

    def __enter__(self) -> None:
        with self._inside:
            if not self._taken:
                self._taken = True
                return
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        try:
            mine.acquire()
        except BaseException:
            # Interrupted while waiting: out of the line, or on to the next if it was our turn.
            with self._inside:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                else:
                    self._hand_on()
            raise

    def __exit__(self, *_: object) -> None:
        with self._inside:
            self._hand_on()

    def _hand_on(self) -> None:
        """It stays taken while it goes from hand to hand: nobody slips in between."""
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._taken = False
