"""Standing ties: mutual help, study, rehabilitation and household ties, which are pairs too."""
