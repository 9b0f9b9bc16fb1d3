"""Fifty learners whose names, addresses, numbers and ids stand nowhere else in the world."""

from dataclasses import dataclass

COUNT = 50
# The key of an archive, which stands nowhere at all in clear.
PASSWORD = "Kanaripass-mango-river"


@dataclass(frozen=True)
class Canary:
    """One learner of them."""

    number: int

    @property
    def first(self):
        return f"Kanari{self.number:02}"

    @property
    def last(self):
        return "Vogelsang"

    @property
    def email(self):
        return f"kanari{self.number:02}@canary.example"

    @property
    def phone(self):
        return f"57913046{self.number:02}"

    @property
    def external_id(self):
        return f"KANARIEXT{self.number:02}"


CANARIES = [Canary(number) for number in range(COUNT)]
