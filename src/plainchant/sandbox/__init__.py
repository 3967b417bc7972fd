"""A portal for the tests of other people's programs: a clock that is set, recipients that follow a script, reset.

`plainchant sandbox` starts it; `control` is what programs say to it. Nothing of it is loaded by a portal: the setting
PLAINCHANT_SANDBOX brings it in, and is refused in production.
"""
