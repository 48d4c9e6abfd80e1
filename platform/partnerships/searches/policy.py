"""Who may do what with kept searches: everybody who signs in keeps their own, and nobody sees another's."""

from partnerships.core.actor import SIGNED_IN
from partnerships.core.policy import Own, grant

PERMISSIONS = {"searches.keep": grant(Own("account_id", "account_id"), *SIGNED_IN)}
