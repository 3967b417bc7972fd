"""Remove guards one by one and see that a test notices each time: `make mutants`.

A mutant is the program with one thing changed (`operators`): a condition of a query dropped, a state added to
a row of the lifecycle, a check not made. The tests that stand near the changed module run on it; if they all
pass, nothing would tell us that this guard had gone, and the mutant has survived.

    make mutants                 every mutant of every module of TARGETS: by hand, for hours
    GUARDS=1 make mutants        those that take away a refusal, a right or a scope: a fifth of them
    N=30 make mutants            thirty, drawn evenly over the modules; SEED=… draws others
    ONLY=portal/library make mutants        those of the modules whose path contains this (or one of these)

Nothing is written in the checkout. Each mutant is a fork, in which pytest runs until a first test fails: of a process
that has imported the program and exchanges the functions that change (`warm`); where no test fails, or what changes is
no function, of one that has imported other people's code alone and imports the changed module in place of its file.
"""
