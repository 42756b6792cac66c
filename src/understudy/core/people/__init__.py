"""Who takes part: operators, actors, subjects and their organizations, and what they may do."""
