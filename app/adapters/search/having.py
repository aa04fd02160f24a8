"""Having: which texts that everybody may read have some words, however many texts these are."""

from collections import defaultdict
from collections.abc import Sequence
from functools import reduce

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.search.postings import BODY
from app.db.search import Posting, SearchBlock


def texts_having(session: Session, terms: Sequence[str]) -> set[int]:
    """The ids of the public texts that have all these terms, anywhere in the text."""
    asked = list(dict.fromkeys(terms))
    having: defaultdict[str, set[int]] = defaultdict(set)
    # Those that do not lie in blocks yet come first: what is settled in between is then found twice, and not missed.
    singles = select(Posting.term, Posting.text_id).where(Posting.public, Posting.term.in_(asked))
    for term, text_id in session.execute(singles):
        having[term].add(text_id)
    blocks = select(SearchBlock.term, SearchBlock.texts)
    blocks = blocks.where(SearchBlock.public, SearchBlock.field == BODY, SearchBlock.term.in_(asked))
    for term, texts in session.execute(blocks):
        having[term].update(np.frombuffer(texts, dtype="<i4").tolist())
    return reduce(set.intersection, (having[term] for term in asked)) if asked else set()
