"""Claims: how an offer is answered, one by one, by choice, on one's own or by a team."""
