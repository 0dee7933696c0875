"""The Bot API side of the sandbox: its methods, and refusals in Telegram's own words."""
