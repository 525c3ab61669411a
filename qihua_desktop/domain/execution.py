"""What is recorded while a budget is carried out: reserve use, forecasts, reasons, the basis of success, waivers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .ids import EntityId


class ReleaseState(StrEnum):
    """A use of the contingency reserve (动用备用金) counts only once it is approved."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class DeviationCode(StrEnum):
    """Why a line deviates from its budget; the values are the printed codes."""

    SCOPE = "01"
    PRICE = "02"
    QUANTITY = "03"
    SUPPLIER = "04"
    TAX = "05"
    CANCELLED = "06"
    RESERVE = "07"
    OMITTED = "08"
    OTHER = "09"


@dataclass(frozen=True, slots=True)
class ReserveRelease:
    """Money moved from the reserve to a line without changing the approved budget; another person decides on it."""

    id: EntityId
    project_id: EntityId
    reserve_line_id: EntityId | None
    line_id: EntityId | None
    amount: int
    code: DeviationCode
    reason: str
    state: ReleaseState
    requested_by: EntityId | None
    requested_ms: int
    decided_by: EntityId | None
    decided_ms: int | None
    note: str


@dataclass(frozen=True, slots=True)
class LineForecast:
    """A typed estimate of what a line will still cost beyond its open commitments (to go), with its basis."""

    id: EntityId
    project_id: EntityId
    line_id: EntityId
    to_go: int
    basis: str
    made_by: EntityId | None
    made_ms: int


@dataclass(frozen=True, slots=True)
class DeviationReason:
    """Why a line, or the whole budget (``line_id`` None), deviates."""

    id: EntityId
    project_id: EntityId
    line_id: EntityId | None
    code: DeviationCode
    text: str
    made_by: EntityId | None
    made_ms: int


@dataclass(frozen=True, slots=True)
class OutcomeBasis:
    """How success is measured: planned figures and the method, fixed beforehand, and the actual figures later.

    ``income`` is the output side of the ROI in fen. Once ``fixed_ms`` is set the planned side no longer changes.
    """

    id: EntityId
    project_id: EntityId
    guests_planned: int
    leads_planned: int
    income_planned: int
    method: str
    fixed_ms: int | None
    fixed_by: EntityId | None
    guests_actual: int | None
    leads_actual: int | None
    income_actual: int | None
    notes: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """A named person's decision that a failed rule does not stop this project.

    ``subject`` says what the rule looked at (an id, a number) and ``inputs`` the figures it saw; with other figures
    the waiver no longer holds.
    """

    id: EntityId
    project_id: EntityId
    rule: str
    subject: str
    inputs: str
    reason: str
    waived_by: EntityId
    waived_ms: int


_RELEASES = {
    ReleaseState.REQUESTED: N_("Requested"),
    ReleaseState.APPROVED: N_("Approved"),
    ReleaseState.REFUSED: N_("Refused"),
}
_CODES = {
    DeviationCode.SCOPE: N_("Scope"),
    DeviationCode.PRICE: N_("Unit price"),
    DeviationCode.QUANTITY: N_("Quantity / people"),
    DeviationCode.SUPPLIER: N_("Change of supplier"),
    DeviationCode.TAX: N_("Tax rate / invoice type"),
    DeviationCode.CANCELLED: N_("Cancelled item"),
    DeviationCode.RESERVE: N_("Reserve used"),
    DeviationCode.OMITTED: N_("Omitted in the plan"),
    DeviationCode.OTHER: N_("Other (explain)"),
}


def release_state_label(state: ReleaseState) -> str:
    """Return the state's name in the user's language."""
    return _(_RELEASES[state])


def deviation_label(code: DeviationCode) -> str:
    """Return the code's name in the user's language."""
    return _(_CODES[code])
