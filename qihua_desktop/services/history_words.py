"""Words for tables, fields and stored values in the history."""

from __future__ import annotations

from qihua_desktop.i18n import N_, _

MONEY = frozenset(
    {
        ("budget", "total"),
        ("budget_line", "amount"),
        ("budget_line", "unit_price"),
        ("budget_version", "total"),
        ("baseline_task", "cost"),
    }
)
PERCENTAGES = frozenset(
    {
        ("task", "progress"),
        ("budget_line", "percent"),
        ("budget_line", "tax_rate"),
        ("task", "units"),
        ("assignment", "units"),
    }
)

_TABLES = {
    "setting": N_("setting"),
    "person": N_("person"),
    "strategy": N_("strategy"),
    "programme": N_("programme"),
    "template": N_("template"),
    "project": N_("project"),
    "stage": N_("stage"),
    "gate_item": N_("gate condition"),
    "attachment": N_("attachment"),
    "project_document": N_("document"),
    "risk": N_("risk"),
    "task": N_("task"),
    "link": N_("link"),
    "assignment": N_("share of a task"),
    "calendar_day": N_("calendar day"),
    "person_week": N_("working week"),
    "plan_source": N_("kept from a plan file"),
    "baseline": N_("baseline"),
    "baseline_task": N_("baseline task"),
    "budget": N_("budget"),
    "budget_line": N_("budget line"),
    "budget_version": N_("budget version"),
    "plan_document": N_("plan document"),
    "plan_section": N_("section"),
    "plan_version": N_("version"),
    "review_seat": N_("review seat"),
    "sign_off": N_("sign-off"),
    "review_comment": N_("comment"),
    "survey": N_("survey"),
    "question": N_("question"),
    "option": N_("option"),
    "jump": N_("jump"),
}
_FIELDS = {
    "name": N_("Name"),
    "title": N_("Title"),
    "text": N_("Text"),
    "body": N_("Text"),
    "label": N_("Label"),
    "goal": N_("Goal"),
    "venue": N_("Venue"),
    "owner_id": N_("Owner"),
    "owner_text": N_("Owner"),
    "programme_id": N_("Programme"),
    "parent_id": N_("Under"),
    "stage_id": N_("Stage"),
    "status": N_("Status"),
    "state": N_("State"),
    "kind": N_("Kind"),
    "key_on": N_("Key date"),
    "direction": N_("Scheduled"),
    "start": N_("Start"),
    "finish": N_("Finish"),
    "duration": N_("Duration"),
    "progress": N_("Progress"),
    "milestone": N_("Milestone"),
    "mode": N_("Scheduling"),
    "constraint": N_("Constraint"),
    "constraint_at": N_("Constraint date"),
    "deadline": N_("Deadline"),
    "actual_start": N_("Actual start"),
    "actual_finish": N_("Actual finish"),
    "notes": N_("Notes"),
    "splits": N_("Interruptions"),
    "fixed_duration": N_("Fixed duration"),
    "units": N_("Share of time"),
    "work": N_("Work"),
    "lag": N_("Lag"),
    "type": N_("Type"),
    "total": N_("Total"),
    "amount": N_("Amount"),
    "percent": N_("Share"),
    "lock": N_("Lock"),
    "quantity": N_("Quantity"),
    "unit": N_("Unit"),
    "unit_price": N_("Unit price"),
    "tax_rate": N_("Tax rate"),
    "supplier": N_("Supplier"),
    "basis": N_("Basis"),
    "department": N_("Department"),
    "role": N_("Role"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "has_profile": N_("Profile"),
    "active": N_("Active"),
    "trigger": N_("Trigger"),
    "contingency": N_("Contingency"),
    "notice": N_("Notification"),
    "required": N_("Required"),
    "hint": N_("Hint"),
    "intro": N_("Introduction"),
    "outro": N_("Closing words"),
    "target": N_("Target"),
    "minimum": N_("Minimum"),
    "maximum": N_("Maximum"),
    "completed_ms": N_("Completed"),
    "completed_by": N_("Completed by"),
    "done_ms": N_("Confirmed"),
    "done_by": N_("Confirmed by"),
    "produced_ms": N_("Produced"),
    "produced_by": N_("Produced by"),
    "resolved_ms": N_("Resolved"),
    "resolved_by": N_("Resolved by"),
    "reply": N_("Reply"),
    "verdict": N_("Decision"),
    "comment": N_("Comment"),
    "number": N_("Number"),
    "version": N_("Version"),
    "value": N_("Value"),
    "year": N_("Year"),
    "quarter": N_("Quarter"),
    "day": N_("Day"),
    "working": N_("Working day"),
    "hours": N_("Hours"),
    "exclusive": N_("Exclusive"),
    "with_text": N_("With text"),
    "option_id": N_("Option"),
    "target_question_id": N_("Jump to"),
    "predecessor_id": N_("Predecessor"),
    "successor_id": N_("Successor"),
    "work_hours": N_("Working hours"),
    "is_reserve": N_("Contingency reserve"),
    "closed_ms": N_("Closed"),
    "note": N_("Note"),
    "attachment_id": N_("Attachment"),
    "output": N_("Output"),
    "review_days": N_("Time limit"),
    "colour": N_("Colour"),
    "code": N_("Code"),
    "task_id": N_("Task"),
    "created_ms": N_("Created"),
    "plan_version_id": N_("Version"),
    "person_id": N_("Person"),
    "dimension": N_("Dimension"),
    "severity": N_("Severity"),
}
_FLAGS = frozenset(
    {
        "milestone",
        "elapsed",
        "fixed_duration",
        "required",
        "has_profile",
        "active",
        "working",
        "exclusive",
        "with_text",
        "is_reserve",
    }
)
_VALUES = {
    "draft": N_("Draft"),
    "in_review": N_("In review"),
    "approved": N_("Approved"),
    "revised": N_("Revised"),
    "closed": N_("Closed"),
    "active": N_("Active"),
    "cancelled": N_("Cancelled"),
    "returned": N_("Returned"),
    "rejected": N_("Rejected"),
    "withdrawn": N_("Withdrawn"),
    "superseded": N_("Superseded"),
    "released": N_("Released"),
    "forward": N_("forward"),
    "backward": N_("backward"),
    "auto": N_("automatic"),
    "pinned": N_("pinned"),
    "free": N_("free"),
    "amount": N_("amount locked"),
    "both": N_("amount and share locked"),
    "approve": N_("Agree"),
    "approve_with_comment": N_("Agree with comments"),
    "return": N_("Return for revision"),
    "reject": N_("Reject"),
}
_VALUE_FIELDS = frozenset({"state", "status", "direction", "mode", "lock", "verdict"})


def table_label(table: str) -> str:
    """Return what a table holds, in the user's language."""
    return _(_TABLES.get(table, table))


def field_label(table: str, field: str) -> str:
    """Return a field's name in the user's language."""
    return _(_FIELDS.get(field, field))


def value_label(table: str, field: str, value: str) -> str:
    """Return a stored text in words where it is one of a fixed set, else as it is."""
    if field in _VALUE_FIELDS and value in _VALUES:
        return _(_VALUES[value])
    return value
