"""Today's list on paper: printed by ``jiai today``, and as a file that is kept up to date."""
