"""What can be refused: a stable code and data, no pages and no status numbers."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """A refusal by the rules; the edge turns it into an answer."""

    code = "geweigerd"


class UnknownAction(DomainError):
    """The action does not exist from the state in which the process stands.

    `step` is what people call it, and `states` are the labels of the states from which it can be taken.
    """

    code = "actie_onbekend"

    def __init__(self, message: str, *, step: str = "", states: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.step = step
        self.states = tuple(states)


class NotPermitted(DomainError):
    """The actor sees the thing, and may not do this with it."""

    code = "niet_toegestaan"


class KeyMayNotConfirm(NotPermitted):
    """The act asks a person for the password again, and this key was not made for such acts."""

    code = "sleutel_bevestigt_niet"


class SystemRefused(DomainError):
    """A system that asked for a key does not get one; `code` is one of RFC 6749, section 5.2.

    `retry_after`, in seconds, says that it asked wrongly too often; the code is then that of section 4.1.2.1.
    """

    def __init__(self, code: str, sentence: str, *, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.retry_after = retry_after


class NotVisible(DomainError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "niet_gevonden"


class WithheldFromMember(NotVisible):
    """The actor takes no part in the agenda item behind this, or has not answered whether they do.

    `item` is the number of that item: the one thing that may be said.
    """

    code = "verschoond"

    def __init__(self, number: str, item: str) -> None:
        super().__init__(number)
        self.item = item


class GuardFailed(DomainError):
    """A condition stands in the way; each sentence is Dutch and says what to do."""

    code = "voorwaarde"

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class Stale(DomainError):
    """Somebody else changed the thing since the actor read it."""

    code = "verouderd"


class Invalid(DomainError):
    """Input that does not hold; all faults together, by the name of the field as outsiders know it.

    >>> Invalid({"kernvraag": ["Vul de kernvraag in."]}).faults
    {'kernvraag': ['Vul de kernvraag in.']}
    """

    code = "ongeldig"

    def __init__(self, faults: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(f"{field}: {' '.join(messages)}" for field, messages in faults.items()))
        self.faults = {field: list(messages) for field, messages in faults.items()}


class Busy(DomainError):
    """Too many attempts in too short a time; `retry_after` is in seconds."""

    code = "te_vaak"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} seconds")
        self.retry_after = retry_after


class DefinitionFaults(DomainError):
    """Definitions of workflows that cannot be used; every fault they have, each a sentence for their writer."""

    code = "definitie_onjuist"

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)
