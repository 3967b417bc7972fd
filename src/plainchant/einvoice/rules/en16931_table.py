from .rule import Rule
RULES: dict[str, Rule] = {}
