"""``python -m bot office read|make``: office files from stdin to stdout, in a process of its own.

Only here are docx, xlsxwriter and calamine imported: what somebody sent cannot crash, stall or
swell the bot, and the bot starts without them.
"""
