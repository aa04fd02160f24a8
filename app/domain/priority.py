"""How heavy a bottleneck weighs by how many organisations it hits; a reason to look sooner, and never a step by itself.

The priority that the triagist gave stays what it is. A bottleneck that hits many organisations, or one whose cause was
found to be structural and that hits more than a pair, is worth taking away once for all of them (demand R-01); so it is
shown with the reason, and lists can be narrowed to it.
"""

from dataclasses import dataclass

MANY = 5
"""So many organisations make a bottleneck heavy by themselves."""
MANY_WHEN_STRUCTURAL = 3
"""Fewer do when the cause was found to be structural."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Whether a bottleneck weighs heavily, and why, in a sentence for people."""

    heavy: bool
    because: str


def weigh(organisations: int, *, structural: bool) -> Weight:
    """How heavy a bottleneck is that hits so many organisations.

    >>> weigh(5, structural=False)
    Weight(heavy=True, because='5 organisaties hebben er last van.')
    >>> weigh(3, structural=True)
    Weight(heavy=True, because='Het is structureel en 3 organisaties hebben er last van.')
    >>> weigh(4, structural=False).heavy, weigh(2, structural=True).heavy
    (False, False)
    """
    if organisations >= MANY:
        return Weight(heavy=True, because=f"{organisations} organisaties hebben er last van.")
    if structural and organisations >= MANY_WHEN_STRUCTURAL:
        return Weight(heavy=True, because=f"Het is structureel en {organisations} organisaties hebben er last van.")
    return Weight(heavy=False, because="")
