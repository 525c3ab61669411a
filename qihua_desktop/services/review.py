"""Review and sign-off: submitting a plan, deciding on it, commenting. The parts live in modules of their own."""

from __future__ import annotations

from .review_comments import add_comment, comments, reply_to_comment, resolve_comment
from .review_decision import SIGNATURE_LIMIT, Strokes, sign, signature_strokes, signature_text
from .review_route import SeatDraft, proposed_seats, submit, transfer_seat, withdraw
from .review_view import (
    AuthorReason,
    ReviewView,
    author_reasons,
    current_authors,
    find_version,
    live_content,
    plan_document,
    refusal,
    review_view,
    versions,
    why_not_decide,
)

__all__ = [
    "SIGNATURE_LIMIT",
    "AuthorReason",
    "ReviewView",
    "SeatDraft",
    "Strokes",
    "add_comment",
    "author_reasons",
    "comments",
    "current_authors",
    "find_version",
    "live_content",
    "plan_document",
    "proposed_seats",
    "refusal",
    "reply_to_comment",
    "resolve_comment",
    "review_view",
    "sign",
    "signature_strokes",
    "signature_text",
    "submit",
    "transfer_seat",
    "versions",
    "why_not_decide",
    "withdraw",
]
