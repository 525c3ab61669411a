"""The department's thresholds for money, kept as one setting of the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from qihua_desktop.domain.canonical import canonical_text, parse_canonical
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.money_limits import LARGEST_FEN, WHOLE, MoneyLimits, fiscal_months, fiscal_span, fiscal_year
from qihua_desktop.i18n import _

from . import settings
from .session import Session

__all__ = ["MoneyLimits", "fiscal_months", "fiscal_span", "fiscal_year", "money_limits", "save_money_limits"]

_KEY = "money.limits"


def money_limits(session: Session) -> MoneyLimits:
    """Return the workspace's thresholds; what is not stored, or not readable, has its usual value."""
    stored = settings.value(session, _KEY)
    if not stored:
        return MoneyLimits()
    try:
        found = parse_canonical(stored)
    except InputError:
        return MoneyLimits()
    if not isinstance(found, Mapping):
        return MoneyLimits()
    usual = asdict(MoneyLimits())
    known: dict[str, Any] = {
        name: found[name] for name, value in usual.items() if name in found and type(found[name]) is type(value)
    }
    limits = MoneyLimits(**known)
    return limits if _fault(limits) is None else MoneyLimits()


def save_money_limits(session: Session, limits: MoneyLimits) -> None:
    """Store the thresholds. Raises InputError naming the one that is out of range."""
    fault = _fault(limits)
    if fault is not None:
        raise InputError(fault)
    if limits == money_limits(session):
        return
    with session.edit(_("Change the thresholds for money")) as edit:
        settings.put(edit, _KEY, canonical_text({field.name: getattr(limits, field.name) for field in fields(limits)}))


def _fault(limits: MoneyLimits) -> str | None:
    if not 0 <= limits.deviation_bp <= WHOLE:
        return _("The deviation threshold lies between 0 % and 100 %.")
    if not 0 <= limits.reserve_floor_bp <= WHOLE:
        return _("The floor of the reserve lies between 0 % and 100 %.")
    if not 0 <= limits.three_quotes_fen < LARGEST_FEN:
        return _("The amount from which three quotes are needed lies between 0.00 and 999,999,999,999.99.")
    if not 1 <= limits.fiscal_start_month <= 12:
        return _("The fiscal year begins in a month from 1 to 12.")
    return None
