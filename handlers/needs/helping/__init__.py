"""Helping: what a volunteer sees and presses from the offer to the end."""
