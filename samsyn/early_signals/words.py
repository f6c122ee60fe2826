"""Sentences for this room's duties and notices. Notices are neutral: they name nobody and nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

SIGN, REQUEST, CONSULTATION = (
    "sign",
    "request",
    "consultation",
)  # what a duty's or a notice's ``room`` says: the kind of thing that it points at

DUTY_WORDS = {
    "acknowledge_sign": gettext_lazy("Take on an early sign"),
    "talk_with_family": gettext_lazy("Talk with the child and the family"),
    "five_questions": gettext_lazy("Answer the five questions and decide"),
    "tell_noticer": gettext_lazy("Tell the one who noticed what happens"),
    "close_sign": gettext_lazy("See whether it helped, and close the early sign"),
    "answer_request": gettext_lazy("Answer a request for help"),
    "answer_counter": gettext_lazy("Answer the proposal of another way to help"),
    "accept_request": gettext_lazy("Accept the help that you agreed on"),
    "carry_out_request": gettext_lazy("Help as agreed, and tell how it went"),
    "answer_consultation": gettext_lazy("Answer a question about a child whom nobody names"),
    "unstick": gettext_lazy("Help on a request that is being passed around"),
}
NOTICE_WORDS = {
    "sign_received": gettext_lazy("An early sign has come to you."),
    "sign_taken_on": gettext_lazy("Somebody has taken on what you noted."),
    "sign_joined": gettext_lazy("What you noted has been joined with an earlier sign. You will be told how it goes."),
    "feedback_given": gettext_lazy("There is an answer to what you noted."),
    "sign_closed": gettext_lazy("What you noted has been taken care of and is closed."),
    "request_received": gettext_lazy("Somebody asks you for help."),
    "request_countered": gettext_lazy("Your request for help got a proposal of another way."),
    "request_agreed": gettext_lazy("Your proposal of another way has been agreed to."),
    "request_accepted": gettext_lazy("Your request for help has been accepted."),
    "request_declined": gettext_lazy("Your request for help has been declined, with an alternative."),
    "request_revoked": gettext_lazy("A request for help to you has been taken back."),
    "request_done": gettext_lazy("A request for help that you sent is done."),
    "consultation_asked": gettext_lazy("Somebody asks for advice without naming anybody."),
    "consultation_answered": gettext_lazy("There is an answer to a question you asked without naming anybody."),
    "request_stuck": gettext_lazy("A request for help is being passed around."),
}
