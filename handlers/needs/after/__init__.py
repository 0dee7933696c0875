"""After the visit: words at the door, what came of it, what is said about it."""
