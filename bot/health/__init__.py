"""The health page: whether the bot does its work, as JSON and as a page for a phone."""
