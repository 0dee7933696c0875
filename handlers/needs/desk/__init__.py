"""The desk: what coordinators decide on a need, and what organisations answer."""
