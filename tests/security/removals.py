"""Each defence of docs/security.md taken away once, to see that its test notices: `python3 tests/security/removals.py [NAME …]`.

Works on copies in a temporary folder, one after the other, on SQLite unless PostgreSQL is where it counts; ends with status 1 when a test did not notice. It is a
command and no part of the suite, which only checks that what is taken away here is still there.
"""
# ruff: noqa: E501 - lines of other files are quoted whole

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
P = "platform/partnerships/"
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "test-results", "__pycache__", ".mypy_cache", ".hypothesis", "*.sqlite3*")


@dataclass(frozen=True)
class Removal:
    """What is taken away: `defence` in `file`, with `instead` in its place; `test`, under tests/, must fail then, on `engine`."""

    test: str
    file: str
    defence: str
    instead: str
    engine: str = "sqlite"

    @property
    def name(self) -> str:
        return self.test.partition("::")[2]


def _of(folder: str, *rows: tuple[str, ...]) -> list[Removal]:
    return [Removal(f"{folder}/{test}", *rest) for test, *rest in rows]


REMOVALS = [
    *_of("house",
         ("test_constraints.py::test_every_check_refuses", "migrations/versions/010_accounts.py",
          "\"authenticated_at IS NULL OR authenticated_how <> ''\")\n        batch_op.drop_column", "'1 = 1')\n        batch_op.drop_column"),
         ("test_constraints.py::test_every_rule_a_person_can_meet_has_words", P + "core/constraints.py",
          "uq_passkey_credential=", "uq_passkey_gone="),
         ("test_errors.py::test_what_nobody_foresaw_says_so_and_tells_nothing_of_the_inside", P + "core/errors.py",
          "path=request.path)\n    return faults.page(500)\n", "path=request.path)\n    return f'Traceback {_error}', 500\n"),
         ("test_exports.py::test_amounts_that_a_state_keeps_are_empty_and_say_so", P + "needs/policy.py",
          '_viewing(visible("amounts_visibility"))', "_viewing(always)"),
         ("test_headers.py::test_headers", P + "core/web.py", "style-src 'self'; img-src", "style-src 'self' 'unsafe-inline'; img-src"),
         ("test_hostile.py::test_a_piece_of_json_is_not_a_form", P + "core/forms.py", "            return request.form or None\n",
          "            return MultiDict(request.get_json(silent=True) or request.form)\n"),
         ("test_at_once.py::test_interest_registered_twice_at_once_is_one_match", "migrations/versions/001_first_tables.py",
          "    sa.UniqueConstraint('need_id', 'party_id', name=op.f('uq_match_need_id_party_id'))", "    sa.CheckConstraint('1 = 1', "
          "name=op.f('ck_match_none'))", "postgres"),
         ("test_hostile.py::test_no_address_breaks_the_platform", P + "core/web.py", '    if "\\0" in request.path:\n        abort(404)\n',
          "    request.path.encode('ascii')\n", "postgres"),
         ("test_hostile.py::test_no_form_breaks_the_platform", P + "core/forms.py",
          "        if isinstance(field.data, str) and len(field.data) > self.max:\n", "        if len(field.data) > 8000:\n            1 / 0\n"
          "        if False:\n", "postgres"),
         ("test_hostile.py::test_nobody_sets_what_the_form_does_not_ask", P + "needs/routes.py",
          'blueprint = Blueprint("needs", __name__, url_prefix="/needs")',
          'blueprint = Blueprint("needs", __name__, url_prefix="/needs")\nNeed.__init__ = (lambda made: lambda self, **kept: made('
          'self, **{**kept, **({"origin": request.form["origin"]} if request and "origin" in request.form else {})}))(Need.__init__)'),
         ("test_at_once.py::test_published_twice_at_once_is_published_once", P + "core/workflow.py", "    if status not in move.sources:\n",
          "    if False:\n"),
         ("test_hostile.py::test_signing_in_leads_nowhere_else", P + "core/web.py",
          '    if not target or not target.startswith("/") or target.startswith("//"):\n', "    if target:\n        return target\n    if True:\n"),
         ("test_hostile.py::test_the_host_that_is_claimed_is_never_repeated", P + "core/web.py",
          "    return redirect(url, code=303)\n", "    return redirect(request.host_url + url, code=303)\n"),
         ("test_kill.py::test_killed_anywhere_nothing_is_half_there", P + "core/audit.py",
          "    db.session.add(event)\n    db.session.flush()\n", "    db.session.add(event)\n    db.session.commit()\n"),
         ("test_outsiders.py::test_a_stranger_gets_nothing_and_changes_nothing", P + "matches/policy.py",
          '"matches.view": {**grant(partner | state, *HELPING, Role.FOCAL_POINT)', '"matches.view": {**grant(always, *HELPING, '
          'Role.FOCAL_POINT)'),
         ("test_policy.py::test_a_record_is_in_the_list_exactly_when_its_page_opens", P + "core/policy.py",
          "        return getattr(model, self.column).in_(self.values)\n", "        return true()\n"),
         ("test_routes.py::test_routes_take_get_and_post_only", P + "audit/routes.py", '@blueprint.get("/")', '@blueprint.route("/", methods=["GET", "DELETE"])'),
         ("test_routes.py::test_the_matrix_is_true_of_the_running_application", P + "core/policy.py",
          "            if not may_ever(actor, permission):\n", "            if not may_ever(actor, permission) and not actor.is_signed_in:\n"),
         ("test_routes.py::test_the_written_matrix_is_the_running_one", P + "audit/policy.py", "grant(always, *ISU)", "grant(always)"),
         ),
    *_of("rooms/accounts",
         ("test_confirming.py::test_every_change_of_ones_own_way_in_asks", P + "accounts/confirming.py",
          "            if recent() or (", "            if True or ("),
         ("test_invitations.py::test_a_head_of_delegation_invites_colleagues_within_limits", P + "accounts/invitations.py",
          "    if not actor.is_isu and count_of(party) > COLLEAGUES:\n", "    if False:\n"),
         ("test_invitations.py::test_a_link_serves_once_and_not_for_ever", P + "accounts/invitations.py",
          "        AccountInvitation.expires_at > utcnow())).first()", "        )).first()"),
         ("test_invitations.py::test_an_administrator_invites_and_the_person_comes_in", P + "core/web.py",
          '    answer.headers["Cache-Control"] = "private, no-store"\n    answer.headers["X-Robots-Tag"]',
          '    answer.headers["X-Robots-Tag"]'),
         ("test_ministries.py::test_a_bound_account_comes_in_and_an_unbound_person_does_not", P + "accounts/ministries.py",
          "Account.issuer_subject == told.subject, Account.active", "Account.active"),
         ("test_ministries.py::test_a_ministry_that_does_not_answer_is_said", P + "accounts/ministries.py",
          "        return _client(ministry).authorize_redirect(mail.link(\"accounts.ministry_back\", key=ministry.key))\n"
          "    except (AuthlibBaseError, RequestException,", "        return _client(ministry).authorize_redirect(mail.link("
          "\"accounts.ministry_back\", key=ministry.key))\n    except (AuthlibBaseError,"),
         ("test_ministries.py::test_a_ministry_that_sends_us_elsewhere_is_not_followed", P + "accounts/ministries.py",
          "        self.max_redirects = 0\n", ""),
         ("test_ministries.py::test_an_answer_that_does_not_hold_opens_nothing", P + "accounts/ministries.py",
          '        told = _client(ministry).authorize_access_token(leeway=60)["userinfo"]\n        if told["iss"] != ministry.issuer:\n',
          '        import base64, json\n        made = _client(ministry).authorize_access_token(leeway=60, claims_options={})\n'
          '        body = made["id_token"].split(".")[1]\n        told = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) '
          '% 4)))\n        if False:\n'),
         ("test_ministries.py::test_it_is_offered_only_when_set", P + "accounts/routes/ministries.py",
          "    return ministries.go(found(ministries.by_key(key)), request.args", "    return ministries.go(ministries.by_key(key), request.args"),
         ("test_ministries.py::test_our_second_factor_is_asked_unless_the_ministry_says_it_asked_for_one", P + "accounts/signing.py",
          '    if method != "ministry+mfa" and factors', '    if not method.startswith("ministry") and factors'),
         ("test_ministries.py::test_the_state_of_another_browser_is_refused", P + "accounts/routes/ministries.py",
          "    if told is None:\n        return _not_there()\n    return of_a_letter",
          "    if told is None:\n        return _open(Vouched(ministries.by_key(key), '1', '', False), 'x')\n    return of_a_letter"),
         ("test_own_data.py::test_a_person_reads_about_their_own_ways_in", P + "accounts/routes/factors.py",
          "    if g.account.password_hash and not passwords", "    if False and not passwords"),
         ("test_own_data.py::test_erasing_takes_the_person_and_leaves_the_record", P + "accounts/own.py",
          "    db.session.execute(delete(mail.Mail).where(mail.Mail.address == address))\n    db.session.execute(update(",
          "    db.session.execute(update("),
         ("test_people.py::test_a_closed_account_is_out_at_once_and_back_when_opened", P + "accounts/people.py",
          "    account.active, account.closed_at = False, utcnow()\n    session.end(account)\n",
          "    account.active, account.closed_at = False, utcnow()\n"),
         ("test_people.py::test_lost_factors_are_reset_with_a_reason", P + "accounts/people.py",
          "    factors.remove_all(account)\n", ""),
         ("test_recovery.py::test_a_letter_alone_does_not_open_an_account_with_a_second_factor", P + "accounts/routes/recovery.py",
          "    if right and factors.held(account).codes:\n", "    if False:\n"),
         ("test_recovery.py::test_a_new_password_is_chosen_once_and_every_session_ends", P + "accounts/routes/recovery.py",
          "account.active and signed.unseal(PURPOSE, word_for(account), 2, LIFETIME) == said", "account.active"),
         ("test_recovery.py::test_the_link_dies_after_half_an_hour_and_with_another_password", P + "core/signed.py",
          "max_age=int(lifetime.total_seconds())", "max_age=None"),
         ("test_second_factor.py::test_a_code_serves_once_and_an_old_one_not_at_all", P + "accounts/factors.py",
          "Account.id == account.id, Account.totp_step < step)", "Account.id == account.id)"),
         ("test_second_factor.py::test_a_recovery_code_serves_once_and_its_use_is_told", P + "accounts/factors.py",
          "        RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None)).order_by(RecoveryCode.id)).all()",
          "        RecoveryCode.account_id == account.id).order_by(RecoveryCode.id)).all()\n    return any(passwords.verify("
          "one.code_hash, plain) for one in unused)"),
         ("test_second_factor.py::test_from_then_on_the_password_alone_opens_nothing", P + "accounts/signing.py",
          "and factors.held(account).any:", "and False:"),
         ("test_second_factor.py::test_setting_one_up_ends_the_other_sessions_and_gives_this_one_another_secret",
          P + "accounts/changes.py", "    session.end(g.account, but=g.account_session)\n", ""),
         ("test_second_factor.py::test_the_isu_and_everybody_who_can_pledge_sets_one_up_before_anything_else",
          P + "accounts/guard.py", "    if not factors.required_of(account):\n", "    if True:\n"),
         ("test_sessions.py::test_a_forged_or_broken_ticket_opens_nothing", P + "accounts/session.py",
          "not secrets.compare_digest(found.digest, digest(secret))", "False"),
         ("test_sessions.py::test_a_planted_session_word_becomes_nobodys", P + "accounts/session.py",
          "    secret = secrets.token_urlsafe(32)\n    found = AccountSession(", "    secret = 'x' * 43\n    found = AccountSession("),
         ("test_sessions.py::test_a_session_ends_without_use_and_after_its_time", P + "accounts/session.py",
          "found.seen_at > now - settings.session_idle", "True"),
         ("test_sessions.py::test_changed_rights_end_every_session", P + "accounts/people.py",
          "    session.end(account)\n    audit.record(\"account.changed\"", "    audit.record(\"account.changed\""),
         ("test_sessions.py::test_signing_out_ends_the_row_too", P + "accounts/session.py",
          "        found.ended_at = utcnow()\n        db.session.flush()\n    leave()", "        db.session.flush()\n    leave()"),
         ("test_sessions.py::test_they_are_listed_by_device_named_and_ended", P + "accounts/own.py",
          "        found.ended_at = utcnow()\n", ""),
         ("test_sessions.py::test_what_is_logged_tells_no_secret", P + "accounts/signing.py",
          "whom=digest(whom)[:12]", "whom=whom"),
         ("test_sign_in.py::test_too_many_failures_are_stopped_even_with_the_right_password", P + "accounts/limits.py",
          "    return any(number >= most[bucket] for bucket, number in count)", "    return False"),
         ),
    *_of("rooms",
         ("api/test_writing.py::test_a_key_dies_with_its_day_its_maker_and_its_word", P + "tokens/models.py",
          "and self.expires_on >= today and", "and"),
         ("audit/test_chain.py::test_the_database_refuses_to_change_what_is_sealed", "migrations/versions/011_record.py",
          '    ("event_link", "UPDATE", SEALED.format("OLD.event_id"), "an event of the record cannot be changed"),\n', ""),
         ("audit/test_reader.py::test_the_head_of_the_day_is_kept_once_and_compared", P + "core/chain.py",
          "    if found == kept:\n", "    if True:\n"),
         ("documents/test_file.py::test_a_body_beyond_the_limit_is_not_read_and_other_forms_keep_their_own", P + "__init__.py",
          '"MAX_CONTENT_LENGTH": settings.max_request_bytes,', '"MAX_CONTENT_LENGTH": None, "MAX_FORM_MEMORY_SIZE": None,'),
         ("documents/test_file.py::test_each_type_is_kept_and_comes_back_as_a_download", P + "documents/routes.py",
          "as_attachment=True", "as_attachment=False"),
         ("keeping/test_refusals.py::test_every_changed_byte_and_every_cut_is_found", P + "keeping/archive.py", '    if one.size != files[one.name]["size"] or digest.hexdigest() != files[one.name]["sha256"]:\n', '    if False:\n'),
         ("pages/test_standing.py::test_everybody_may_read", "templates/pages/privacy.html", "No personal data of victims.", "."),
         ),
    *_of("security",
         ("test_dependencies.py::test_every_pin_has_a_hash", "requirements/uv.txt", "# Made by", "unhashed==1.0\n# Made by"),
         ("test_dependencies.py::test_what_is_installed_is_what_is_locked", "requirements/runtime.txt", "\nflask==", "\nflask==0."),
         ("test_every_kind.py::test_a_script_needs_the_token_too", P + "__init__.py", "    extensions.csrf.init_app(app)\n",
          "    app.config['WTF_CSRF_ENABLED'] = False\n    extensions.csrf.init_app(app)\n"),
         ("test_every_kind.py::test_downloads_are_downloads", P + "documents/routes.py",
          "    answer.headers[\"Content-Security-Policy\"] = \"default-src 'none'; sandbox\"\n", ""),
         ("test_every_kind.py::test_each_has_exactly_its_headers", P + "core/web.py",
          '    response.headers["X-Content-Type-Options"] = "nosniff"\n', ""),
         ("test_every_kind.py::test_only_addresses_of_the_web_become_links", P + "core/filters.py",
          '    if re.match(r"https?://\\S", address or "", re.IGNORECASE):\n', "    if address and address.strip():\n"),
         ("test_every_kind.py::test_nothing_of_the_servers_own_is_served", P + "__init__.py",
          'web.Application("partnerships", template_folder', 'web.Application("partnerships", static_folder=str(ROOT), '
          'static_url_path="", template_folder'),
         ("test_every_kind.py::test_signing_out_empties_the_browsers_cache_and_refusals_are_logged", P + "core/errors.py",
          "    if code in (403, 413, 429):\n", "    if False:\n"),
         ("test_every_kind.py::test_what_is_behind_a_sign_in_is_never_kept", P + "core/web.py",
          '"private, no-store" if session.get("_user_id") else "no-cache"', '"no-cache"'),
         ("test_every_kind.py::test_what_is_costly_is_limited_and_says_when_to_come_back", P + "extensions.py",
          "    return 12 if costly or", "    return 1 if costly or"),
         ("test_filters.py::test_no_filter_reaches_the_database_as_sql", P + "offers/queries.py", '        query = query.where(or_(*(func.lower(column).contains(word, autoescape=True)\n', '        from sqlalchemy import text\n        query = query.where(or_(*(text(f"lower(offer.title) LIKE \'%{word}%\'")\n'),
         ("test_markup.py::test_every_page_shows_it_as_the_text_it_is", P + "core/web.py",
          "    app.before_request(_readable)\n", "    app.before_request(_readable)\n    app.select_jinja_autoescape = lambda name: False\n"
          "    app.jinja_env.autoescape = False\n"),
         ("test_production.py::test_cookies_are_bound_to_https_and_to_the_host", P + "__init__.py",
          '"SESSION_COOKIE_SECURE": settings.secure_cookies,', '"SESSION_COOKIE_SECURE": False,'),
         ("test_production.py::test_it_does_not_serve_the_demonstrations_sign_ins", P + "accounts/guard.py",
          "    if there:\n        raise", "    if False:\n        raise"),
         ("test_production.py::test_it_refuses_in_words", P + "settings.py", "        if len(set(one)) < 12:\n", "        if False:\n"),
         ("test_production.py::test_no_secret_is_in_the_repository", "docs/operations.md", "# Running it\n",
          "# Running it\nAGE-SECRET" + "-KEY-1" + "Q" * 58 + "\n"),
         ),
    *_of("unit",
         ("webhooks/test_sending.py::test_nothing_reaches_a_private_network_unless_set", P + "webhooks/addresses.py",
          "    return private or number.is_global\n", "    return True\n"),
         ("accounts/test_passwords.py::test_hashes_are_argon2id_and_grow_with_their_parameters", P + "accounts/passwords.py",
          "        return hasher.verify(kept, password)\n", "        return hasher.verify(kept, password.strip('n'))\n"),
         ("accounts/test_passwords.py::test_long_words_that_nobody_knows_serve_whatever_their_script", P + "accounts/passwords.py",
          "    if len(password) > LONGEST:\n", "    if not password.isalnum():\n"),
         ("accounts/test_passwords.py::test_what_is_short_common_or_known_is_refused_in_words", P + "accounts/passwords.py",
          "    if _guesses(password, known) < ENOUGH:\n", "    if False:\n"),
         ("core/test_files.py::test_a_bomb_is_not_unpacked", P + "core/files.py", '    if len(parts) > MEMBERS or sum(part.file_size for part in parts) > UNPACKED:\n', '    if False:\n'),
         ("core/test_files.py::test_a_name_is_only_a_name", P + "core/files.py", 'and mark not in \'<>:"|?*\')', ')'),
         ("core/test_files.py::test_everything_else_is_refused_in_words", P + "core/files.py", '    if any(sign in name for name in members for sign in _ACTIVE):\n', '    if False:\n'),
         ("core/test_files.py::test_five_types_are_kept", P + "core/files.py", '    if data.startswith(_PNG):\n', '    if data.startswith(b"GIF"):\n'),
         ("core/test_mail.py::test_a_password_travels_over_tls_only", P + "core/delivery.py",
          'if parts.scheme == "smtp" and host not in LOOPBACK:', "if False:"),
         ("core/test_mail.py::test_an_address_that_is_not_one_is_refused", P + "core/delivery.py",
          '    if "@" not in letter.address or', '    if False and "@" not in letter.address or'),
         ),
]


def _copy(folder: Path) -> Path:
    place = folder / "copy"
    shutil.copytree(ROOT, place, ignore=LEFT_OUT, symlinks=True)
    (folder / "shared").symlink_to(ROOT.parent / "shared")
    subprocess.run(["git", "init", "-q"], cwd=place, check=True)
    subprocess.run(["git", "add", "-A"], cwd=place, check=True)
    return place


def _notices(place: Path, one: Removal) -> tuple[bool, str]:
    """Take one defence away, run its test, put it back. Returns: whether the test failed as it must, and what it said."""
    path = place / one.file
    before = path.read_text(encoding="utf-8")
    if before.count(one.defence) != 1:
        return False, f"what is to be taken away is there {before.count(one.defence)} times"
    path.write_text(before.replace(one.defence, one.instead), encoding="utf-8")
    try:
        done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", "-p", "no:randomly",
                               f"tests/{one.test}", "-k", "not postgres" if one.engine == "sqlite" else "not sqlite"], cwd=place, capture_output=True, text=True, check=False)
    finally:
        path.write_text(before, encoding="utf-8")
    said = [line for line in done.stdout.splitlines() if line.startswith("E  ")][:1] or [done.stdout[-300:]]
    return done.returncode == 1, f"pytest ended with {done.returncode}: {said[0][:160]}"


def main(names: list[str]) -> int:
    """Do it for all, or for those named. Returns: the exit status."""
    silent = 0
    with tempfile.TemporaryDirectory() as name:
        place = _copy(Path(name))
        for one in REMOVALS:
            if not names or one.name in names:
                noticed, said = _notices(place, one)
                silent += not noticed
                print(f"{'noticed' if noticed else 'NOT NOTICED'}  {one.name}  ({one.file}) {said}", flush=True)
    return 1 if silent else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
