"""Full text: from words to terms, from terms to texts, and the ranking; the same on both databases."""

EXTERNAL = "extern"
"""The kind of a decision of another body, which is no process."""
