"""/mine: one's own needs and tasks, each as a card with what can be done now."""

from handlers.needs.cards import show_need, show_task
from handlers.needs.desk.deciding import show_waiting
from handlers.turn import Turn
from storage.needs import count_unclaimed, list_own_needs, list_tasks


def show_mine(turn: Turn) -> None:
    """Show everything that a person has with needs: as resident, volunteer, coordinator."""
    person = turn.person
    if person is None or not person.roles:
        turn.say("mine_not_joined")
        return
    needs = list_own_needs(turn.session, person_id=person.id)
    tasks = list_tasks(turn.session, volunteer_id=person.id)
    staff = person.is_approved("coordinator")
    waiting = count_unclaimed(turn.session, actor=person) if staff else 0
    turn.say(
        "mine",
        keyboard="menu",
        needs=len(needs),
        tasks=len(tasks),
        waiting=waiting,
        may_ask="resident" in person.roles or "caregiver" in person.roles,
        may_help=person.is_approved("volunteer"),
    )
    for card in needs:
        show_need(turn, card, edit=False)
    for card in tasks:
        show_task(turn, card, edit=False)
    if waiting:
        show_waiting(turn, person)
