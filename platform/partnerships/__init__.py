"""Platform for Partnerships: needs, offers, matches and pledges under Article 6 of the Anti-Personnel Mine Ban Convention."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from partnerships.settings import Settings

__version__ = "0.1.0"


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application: wiring only.

    Arguments: settings, or None to read them from the environment. Returns: the WSGI application.
    Raises: SettingsError in words when the environment cannot start it.
    """
    from partnerships import cli, extensions, labels, registry
    from partnerships.accounts import guard, ministries, session
    from partnerships.core import errors, export, filters, languages, logs, web
    from partnerships.settings import ROOT, Settings
    from partnerships.tokens import bearer

    settings = settings or Settings.from_environment()
    logs.init(settings.production)
    app = web.Application("partnerships", template_folder=str(ROOT / "templates"))
    app.config.update(_configuration(settings))
    web.behind_proxies(app, settings.trusted_proxies)
    extensions.db.init_app(app, settings.database_url)
    extensions.csrf.init_app(app)
    languages.init_app(app)
    extensions.babel.init_app(app, locale_selector=languages.select)
    extensions.login_manager.init_app(app)
    extensions.limiter.init_app(app)
    extensions.compress.init_app(app)
    web.init_app(app)
    session.init_app(app, extensions.login_manager)
    bearer.init_app(app)
    guard.init_app(app)
    ministries.init_app(app)
    filters.init_app(app)
    export.init_app(app)
    errors.init_app(app)
    registry.init_app(app)
    labels.init_app(app)
    cli.init_app(app)
    if settings.production:
        guard.no_demonstration(app)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    """What Flask and its extensions read."""
    return {
        "SECRET_KEY": settings.secret_key, "SETTINGS": settings, "TESTING": settings.environment == "testing",
        "PROPAGATE_EXCEPTIONS": False, "MAX_CONTENT_LENGTH": settings.max_request_bytes,
        "MAX_FORM_PARTS": settings.max_form_parts, "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "SESSION_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SAMESITE": "Lax", "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_NAME": "__Host-partnerships" if settings.secure_cookies else "partnerships",
        "SECRET_KEY_FALLBACKS": list(settings.old_secret_keys), "TRUSTED_HOSTS": settings.trusted_hosts,
        "RATELIMIT_ENABLED": settings.environment != "testing",
        "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml",
                               "text/csv", "application/atom+xml", "text/calendar"],
        "COMPRESS_ALGORITHM": ["gzip"], "COMPRESS_STREAMS": False,
        "PERMANENT_SESSION_LIFETIME": settings.session_lifetime, "BABEL_DEFAULT_LOCALE": settings.default_language,
        "BABEL_TRANSLATION_DIRECTORIES": str(Path(__file__).parent / "translations"),
    }
