"""The line before the one writer: first come, first served, and nobody is forgotten in it."""

import threading
import time
from threading import Thread

import pytest

from storage.turnstile import Turnstile

PATIENCE = 30
# Nobody sets it: waiting for it lets the others run.
MOMENT = threading.Event()


def _wait_for_line(turnstile: Turnstile, length: int) -> None:
    """Until so many stand in the line; only a hang is bounded."""
    over = time.monotonic() + PATIENCE
    while turnstile.waiting < length:
        assert time.monotonic() < over
        MOMENT.wait(0.001)


def test_all_go_in_the_order_in_which_they_came() -> None:
    turnstile, went = Turnstile(), list[int]()

    def go(number: int) -> None:
        with turnstile:
            went.append(number)

    threads = [Thread(target=go, args=(number,)) for number in range(5)]
    with turnstile:
        for number, thread in enumerate(threads, 1):
            thread.start()
            _wait_for_line(turnstile, number)
    for thread in threads:
        thread.join(PATIENCE)
    assert went == [0, 1, 2, 3, 4]
    assert turnstile.waiting == 0


def test_whoever_asks_again_at_once_waits_behind_those_who_wait() -> None:
    turnstile, went = Turnstile(), list[str]()

    def press() -> None:
        with turnstile:
            went.append("press")

    pressing = Thread(target=press)
    with turnstile:
        pressing.start()
        _wait_for_line(turnstile, 1)
        went.append("chunk 1")
    with turnstile:
        went.append("chunk 2")
    pressing.join(PATIENCE)
    assert went == ["chunk 1", "press", "chunk 2"]


def test_an_error_inside_lets_the_next_one_in() -> None:
    turnstile = Turnstile()
    with pytest.raises(ZeroDivisionError), turnstile:
        raise ZeroDivisionError
    with turnstile:
        pass


class _Interrupted:
    """A place in the line whose holder is interrupted while waiting for it."""

    def __init__(self, before: object) -> None:
        self._before = before
        self._asked = 0

    def acquire(self) -> None:
        self._asked += 1
        if self._asked == 2:
            if callable(self._before):
                self._before()
            raise KeyboardInterrupt

    def release(self) -> None:
        """Called when its turn comes."""


@pytest.mark.parametrize("its_turn_came", [False, True])
def test_whoever_is_interrupted_in_the_line_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch, its_turn_came: bool
) -> None:
    turnstile = Turnstile()
    turnstile.__enter__()

    def let_go() -> None:
        turnstile.__exit__()

    place = _Interrupted(let_go if its_turn_came else None)
    monkeypatch.setattr(threading, "Lock", lambda: place)
    with pytest.raises(KeyboardInterrupt):
        turnstile.__enter__()
    monkeypatch.undo()
    if not its_turn_came:
        let_go()
    assert turnstile.waiting == 0
    with turnstile:
        pass


def test_many_at_once_are_never_inside_together() -> None:
    turnstile, inside, most = Turnstile(), list[int](), list[int]()

    def go(number: int) -> None:
        for _ in range(20):
            with turnstile:
                inside.append(number)
                MOMENT.wait(0.0001)
                most.append(len(inside))
                inside.remove(number)

    threads = [Thread(target=go, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert most == [1] * 160
