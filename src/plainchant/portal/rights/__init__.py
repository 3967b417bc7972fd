"""Who may do what: the verbs, who acts, how far a verb reaches, and what a permission is."""
