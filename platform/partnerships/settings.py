"""Settings: one frozen record read from the environment, so that nothing else in the house reads it."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
LOCAL_URL = "http://127.0.0.1:8000"


class SettingsError(RuntimeError):
    """Raised with words when the environment cannot start the platform."""


@dataclass(frozen=True)
class Ministry:
    """A ministry whose people may sign in through its own system (OpenID Connect)."""

    key: str  # stands in addresses
    name: str
    issuer: str
    client_id: str
    client_secret: str
    trusts_mfa: bool = False  # whether its word that several factors were used replaces our own second factor


@dataclass(frozen=True)
class Licence:
    """Under what releases of open data may be used: its identifier (SPDX) and the address of its text."""

    name: str = "CC-BY-4.0"
    url: str = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Settings:
    """What the platform needs to know about where it runs."""

    environment: str
    secret_key: str
    database_url: str
    data_dir: Path
    demo: bool
    secure_cookies: bool
    trusted_proxies: int = 0
    public_url: str = LOCAL_URL
    old_secret_keys: tuple[str, ...] = ()  # still read, never signed with: for a change of the key
    smtp_url: str = ""
    mail_from: str = "Platform for Partnerships <no-reply@localhost>"
    max_request_bytes: int = 2 * 1024 * 1024
    max_form_parts: int = 2000
    session_lifetime: timedelta = timedelta(hours=12)
    session_idle: timedelta = timedelta(hours=2)
    confirmed_for: timedelta = timedelta(minutes=30)  # how long a sign-in serves for what asks for the person again
    sign_in_attempts: int = 8
    sign_in_window: timedelta = timedelta(minutes=15)
    default_language: str = "en"
    languages: tuple[str, ...] = ("en",)
    ministries: tuple[Ministry, ...] = ()
    # Who reports to IATI. No source gives the secretariat an identifier there: until it is registered, this one says so itself.
    iati_org: str = "APMBC-ISU"
    iati_name: str = "Implementation Support Unit of the Anti-Personnel Mine Ban Convention"
    iati_type: str = "40"  # OrganisationType: multilateral
    data_licence: Licence = Licence()
    monthly_release: bool = False
    webhook_private: bool = False  # whether webhooks may lead into private networks, and to any port
    webhook_ports: tuple[int, ...] = (443,)
    api_origins: tuple[str, ...] = ()  # other sites whose pages may ask the API from a browser; none unless named

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def trusted_hosts(self) -> list[str] | None:
        """The host names that requests may ask for: in production the platform's own, elsewhere any."""
        return [urlsplit(self.public_url).hostname or ""] if self.production else None

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read PARTNERSHIPS_* variables.

        Returns: the settings. Raises SettingsError when production lacks what it must be given.
        """
        env = os.environ if env is None else env
        environment = env.get("PARTNERSHIPS_ENV", "development")
        if environment not in ("development", "production", "testing"):
            raise SettingsError("PARTNERSHIPS_ENV must be development, testing or production.")
        data_dir = Path(env.get("PARTNERSHIPS_DATA_DIR") or ROOT / "var").expanduser().resolve()
        production = environment == "production"
        url = env.get("PARTNERSHIPS_DATABASE_URL") or f"sqlite:///{data_dir / 'partnerships.sqlite3'}"
        secret = env.get("PARTNERSHIPS_SECRET_KEY", "")
        demo = env.get("PARTNERSHIPS_DEMO", "0") == "1"
        public_url = _address(env, "PARTNERSHIPS_PUBLIC_URL", ("http", "https"))
        older = tuple(one for one in env.get("PARTNERSHIPS_OLD_SECRET_KEYS", "").split() if one)
        if production:
            _fit_for_production(env, secret, older, public_url, demo)
        return cls(
            environment=environment,
            secret_key=secret or _kept_secret(data_dir),
            database_url=url.replace("postgres://", "postgresql+psycopg://", 1),
            data_dir=data_dir,
            demo=demo,
            secure_cookies=production,
            trusted_proxies=_number(env, "PARTNERSHIPS_TRUSTED_PROXIES"),
            public_url=public_url or LOCAL_URL,
            old_secret_keys=older,
            smtp_url=_address(env, "PARTNERSHIPS_SMTP_URL", ("smtp", "smtps", "smtp+starttls")),
            mail_from=env.get("PARTNERSHIPS_MAIL_FROM") or cls.mail_from,
            ministries=_ministries(env.get("PARTNERSHIPS_OIDC", ""), production),
            **_exchanging(env),
        )

    def with_(self, **changes: object) -> Settings:
        """A copy with some values changed (tests and the run command use it)."""
        return replace(self, **changes)  # type: ignore[arg-type]


def _exchanging(env: Mapping[str, str]) -> dict[str, Any]:
    """What goes out of the register: to other sites' pages, as IATI, as open data, to webhooks. Raises SettingsError in words."""
    return {
        "api_origins": tuple(one.rstrip("/") for one in env.get("PARTNERSHIPS_API_ORIGINS", "").split()),
        "iati_org": _shaped(env, "PARTNERSHIPS_IATI_ORG", Settings.iati_org, r"[^\s/&|?]{3,60}",
                            "an identifier of 3 to 60 marks without spaces and without / & | ?"),
        "iati_name": _shaped(env, "PARTNERSHIPS_IATI_NAME", Settings.iati_name, r"\S.{1,199}", "a name of 2 to 200 letters"),
        "iati_type": _shaped(env, "PARTNERSHIPS_IATI_TYPE", Settings.iati_type, r"\d\d",
                             "a code of two digits of OrganisationType"),
        "data_licence": _licence(env.get("PARTNERSHIPS_DATA_LICENCE", "")),
        "monthly_release": env.get("PARTNERSHIPS_MONTHLY_RELEASE", "0") == "1",
        "webhook_private": env.get("PARTNERSHIPS_WEBHOOK_PRIVATE", "0") == "1",
        "webhook_ports": (443, *_ports(env.get("PARTNERSHIPS_WEBHOOK_PORTS", ""))),
    }


def _fit_for_production(env: Mapping[str, str], secret: str, older: tuple[str, ...], public_url: str, demo: bool) -> None:
    """Raises: SettingsError in words for whatever must never be on the open web."""
    for one in (secret, *older):
        if len(one) < 32:
            raise SettingsError("Production needs PARTNERSHIPS_SECRET_KEY of at least 32 characters "
                                "(python3 -c 'import secrets; print(secrets.token_urlsafe(48))').")
        if len(set(one)) < 12:
            raise SettingsError("PARTNERSHIPS_SECRET_KEY repeats a few characters: make a random one "
                                "(python3 -c 'import secrets; print(secrets.token_urlsafe(48))').")
    if demo:
        raise SettingsError("Production never has demo accounts: unset PARTNERSHIPS_DEMO.")
    if env.get("FLASK_DEBUG", "0").lower() not in ("", "0", "false", "no"):
        raise SettingsError("Production never runs with the debugger: unset FLASK_DEBUG.")
    if not public_url.startswith("https://"):
        raise SettingsError("Production needs PARTNERSHIPS_PUBLIC_URL, the platform's own address, beginning with https://: "
                            "its cookies never travel over plain HTTP.")


def _number(env: Mapping[str, str], name: str) -> int:
    """A small number from the environment, 0 when nobody gave one. Raises SettingsError in words."""
    given = env.get(name, "").strip() or "0"
    if not (given.isascii() and given.isdigit() and len(given) < 3):
        raise SettingsError(f"{name} is a number from 0 to 99.")
    return int(given)


def _shaped(env: Mapping[str, str], name: str, default: str, shape: str, words: str) -> str:
    """A text of a given shape from the environment. Raises SettingsError in words."""
    given = env.get(name, "").strip() or default
    if not re.fullmatch(shape, given):
        raise SettingsError(f"{name} is {words}.")
    return given


def _ports(given: str) -> tuple[int, ...]:
    """Further ports that webhooks may use, parted by spaces. Raises SettingsError in words."""
    if not all(one.isascii() and one.isdigit() and 0 < int(one[:6]) < 65536 for one in given.split()):
        raise SettingsError("PARTNERSHIPS_WEBHOOK_PORTS are numbers of ports, parted by spaces.")
    return tuple(int(one) for one in given.split())


def _address(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    """An address from the environment, without a slash at its end. Raises SettingsError when it cannot be one."""
    given = env.get(name, "").strip().rstrip("/")
    try:
        parts = urlsplit(given)
        right = not given or (parts.scheme in schemes and bool(parts.hostname) and parts.port != 0)
    except ValueError:
        right = False
    if not right:
        raise SettingsError(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)} and name a host.")
    return given


def _licence(given: str) -> Licence:
    """The licence of PARTNERSHIPS_DATA_LICENCE, "identifier address". Raises SettingsError in words."""
    if not given.strip():
        return Licence()
    found = re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9.+-]{0,39}) (https://[!-~]{1,290})", given.strip())
    if found is None:
        raise SettingsError("PARTNERSHIPS_DATA_LICENCE is a licence's identifier and, after a space, its address: "
                            "CC-BY-4.0 https://creativecommons.org/licenses/by/4.0/")
    return Licence(found[1], found[2])


def _ministries(given: str, production: bool) -> tuple[Ministry, ...]:
    """The ministries of PARTNERSHIPS_OIDC, a JSON list of objects. Raises SettingsError in words."""
    if not given.strip():
        return ()
    try:
        found = tuple(Ministry(**one) for one in json.loads(given))
    except (ValueError, TypeError) as error:
        raise SettingsError("PARTNERSHIPS_OIDC must be a JSON list of objects with key, name, issuer, client_id, client_secret "
                            f"and perhaps trusts_mfa ({error}).") from None
    for one in found:
        if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", str(one.key)) or one.key == "continue" or one.key == "unlink":
            raise SettingsError("The key of a ministry in PARTNERSHIPS_OIDC is a short word of small letters.")
        if not str(one.issuer).startswith("https://" if production else ("https://", "http://")):
            raise SettingsError(f"The issuer of {one.key} in PARTNERSHIPS_OIDC must begin with https://.")
    if len({one.key for one in found}) != len(found):
        raise SettingsError("Two ministries in PARTNERSHIPS_OIDC have the same key.")
    return found


def _kept_secret(data_dir: Path) -> str:
    """A random key kept beside the database, so that sign-ins survive a restart on a laptop."""
    path = data_dir / "secret-key"
    if path.exists():
        return path.read_text().strip()
    data_dir.mkdir(parents=True, exist_ok=True)
    key = secrets.token_hex(32)
    path.write_text(key)
    path.chmod(0o600)
    return key
