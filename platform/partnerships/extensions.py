"""Extensions, created here and bound in create_app."""

from __future__ import annotations

from flask import request
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from partnerships.core.db import db

csrf = CSRFProtect()
babel = Babel()
compress = Compress()
login_manager = LoginManager()
# Sessions are rows with a secret of their own (decision 24); one that dies when a telephone changes its network address would
# lose what an officer on a slow line has typed.
login_manager.session_protection = None
login_manager.login_view = "accounts.sign_in"



def _cost() -> int:
    """What a request counts: a search over everything, a file or an upload as much as many pages."""
    costly = request.endpoint in ("searches.index", "standards.activities") or "as" in request.args
    return 12 if costly or request.mimetype == "multipart/form-data" else 1


# What one network address may ask, in each process; a whole ministry may sit behind one address.
limiter = Limiter(get_remote_address, default_limits=["1200 per minute"], default_limits_cost=_cost, storage_uri="memory://")
limiter.request_filter(lambda: request.endpoint == "static")

__all__ = ["babel", "compress", "csrf", "db", "limiter", "login_manager"]
