"""Who may do what with accounts: each person with their own."""

from partnerships.core.actor import SIGNED_IN
from partnerships.core.policy import Own, grant

PERMISSIONS = {
    "accounts.own": grant(Own("id", of="account_id"), *SIGNED_IN),
}
