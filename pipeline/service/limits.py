"""How much the service takes at once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What a request may ask for, and how many requests may wait.

    Parameters
    ----------
    body : bytes of a request's body
    article : characters of a text
    documents : texts in one request
    waiting : requests that are taken in beside those that are being scored; what comes then is sent away
    seconds : until a request has to be answered, its own upload and waiting included
    """

    body: int = 2 * 2**20
    article: int = 100_000
    documents: int = 100
    waiting: int = 64
    seconds: float = 60.0
