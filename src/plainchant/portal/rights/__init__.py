"""Who may do what: the verbs, the spaces that give them, who acts, and what a permission is."""
