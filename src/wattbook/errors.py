"""The one error that a reader's input can cause."""


class InputError(Exception):
    """A file or an id that the reader gave cannot be used.

    ``where`` names the place (``file:line`` or an id), ``what`` says what is wrong there.  The command line prints
    both on one line and exits with 2.
    """

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what
