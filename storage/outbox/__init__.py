"""The outbox: what is to be said is a row in the same transaction as the change (law 5)."""

from storage.choices import Button
from storage.outbox.saying import Wanted, leave_chat, say
from storage.rules.sending import MessageClass

__all__ = ["Button", "MessageClass", "Wanted", "leave_chat", "say"]
