"""peewee fields that turn stored values into the domain's types and back."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from peewee import BlobField, Field, IntegerField, TextField


class IdField(BlobField):
    """A 16-byte id; kept as plain bytes."""

    def db_value(self, value: bytes | None) -> bytes | None:
        return value

    def python_value(self, value: bytes | None) -> bytes | None:
        return value

    def bind(self, model: Any, name: str, set_attribute: bool = True) -> Any:  # noqa: FBT001, FBT002 - peewee's
        return Field.bind(self, model, name, set_attribute)


class FlagField(IntegerField):
    """A bool stored as 0 or 1."""

    def db_value(self, value: bool) -> int:  # noqa: FBT001 - peewee's
        return 1 if value else 0

    def python_value(self, value: int) -> bool:
        return bool(value)


class DayField(TextField):
    """A date stored as ISO text."""

    def db_value(self, value: date | None) -> str | None:
        return None if value is None else value.isoformat()

    def python_value(self, value: str | None) -> date | None:
        return None if value is None else date.fromisoformat(value)


class EnumField(TextField):
    """A StrEnum stored by its value."""

    def __init__(self, enum: type[StrEnum], **options: Any) -> None:
        super().__init__(**options)
        self.enum = enum
        self._members = {member.value: member for member in enum}

    def db_value(self, value: StrEnum) -> str:
        return self.enum(value).value

    def python_value(self, value: str) -> StrEnum:
        member = self._members.get(value)
        return self.enum(value) if member is None else member
