"""The chain over the journal: sealed by a tick, its head told to the office, checked by doctor."""

from storage.chain.checking import Fault, Verdict, check_chain, find_seal
from storage.chain.posting import next_post_due_at, post_head
from storage.chain.sealing import seal_journal

__all__ = [
    "Fault",
    "Verdict",
    "check_chain",
    "find_seal",
    "next_post_due_at",
    "post_head",
    "seal_journal",
]
