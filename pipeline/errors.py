"""The errors that a user can cause. Each is one line that says what was wrong and how to repair it."""


class StanceError(Exception):
    """A mistake outside the program, told in one line; `exit_code` is what the command ends with.

    What it repeats of a file or its name may be hostile: a line break or a command to the terminal is shown as its escape.
    """

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__("".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in message))


class InputError(StanceError):
    """What the user handed over cannot be used: a missing file, a binary, a broken row, an unknown parameter (exit code 2)."""

    exit_code = 2


class ModelError(StanceError):
    """The model cannot be used: never trained, altered, or saved by other library versions (exit code 1)."""
