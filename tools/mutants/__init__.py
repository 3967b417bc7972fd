"""Remove guards one by one and see that a test notices each time: `make mutants`.

A mutant is the program with one thing changed (`operators`): a condition of a query dropped, a state added to
a row of the lifecycle, a check not made. The tests that stand near the changed module run on it; if they all
pass, nothing would tell us that this guard had gone, and the mutant has survived.

    make mutants                 every mutant of every module of TARGETS: by hand, some twenty minutes
    N=30 make mutants            thirty, drawn evenly over the modules; SEED=… draws others
    ONLY=portal/library make mutants        those of the modules whose path contains this (or one of these)

Nothing is written in the checkout. This process imports what tests need of other people's code, once; each mutant is a
fork of it, where the changed module is compiled instead of its file and pytest runs until a first test fails.
"""
