"""What is done about how long things are kept."""

from samsyn.retention.actions.keeping import keep_long, set_plan
from samsyn.retention.actions.keys import destroy_again, give_up
from samsyn.retention.actions.replaying import weed_again
from samsyn.retention.actions.revoking import revoke_again
from samsyn.retention.actions.weeding import Found, survey, weed

__all__ = ["Found", "destroy_again", "give_up", "keep_long", "revoke_again", "set_plan", "survey", "weed", "weed_again"]
