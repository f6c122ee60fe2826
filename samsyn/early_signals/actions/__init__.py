"""What can be done in this room, by noun: drafts, signs, requests, stuck requests, and questions without identity."""

from samsyn.early_signals.actions.changing import ChangedMeanwhile
from samsyn.early_signals.actions.coming_back import with_post
from samsyn.early_signals.actions.consultations import answer_consultation, consult, what_points_out
from samsyn.early_signals.actions.drafts import discard_draft, noted_in, save_draft, start_draft
from samsyn.early_signals.actions.requests import (
    accept_request,
    agree_counter,
    asker_of,
    counter_request,
    decline_request,
    finish_request,
    is_closed_to_receiver,
    revoke_request,
)
from samsyn.early_signals.actions.sending import asking_lies_with, receiving_post, send_request
from samsyn.early_signals.actions.sign_endings import close_sign, merge_sign, tell_noticer
from samsyn.early_signals.actions.signs import acknowledge, answer_five_questions, record_talk, send_sign
from samsyn.early_signals.actions.stuck import declined_by, settle

__all__ = [
    "ChangedMeanwhile",
    "accept_request",
    "acknowledge",
    "agree_counter",
    "answer_consultation",
    "answer_five_questions",
    "asker_of",
    "asking_lies_with",
    "close_sign",
    "consult",
    "counter_request",
    "decline_request",
    "declined_by",
    "discard_draft",
    "finish_request",
    "is_closed_to_receiver",
    "merge_sign",
    "noted_in",
    "receiving_post",
    "record_talk",
    "revoke_request",
    "save_draft",
    "send_request",
    "send_sign",
    "settle",
    "start_draft",
    "tell_noticer",
    "what_points_out",
    "with_post",
]
