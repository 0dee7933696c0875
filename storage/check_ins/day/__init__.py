"""The caller's day: the list, the number while phoning, what was heard, a slip, the thanks."""
