"""The rules: what may be done, by whom, when, and what follows; without input, output or a clock."""
