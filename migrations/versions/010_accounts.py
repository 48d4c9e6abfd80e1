"""Accounts by invitation: sessions as rows, second factors, passkeys, recovery codes, how a focal point was made sure of.

Every session ends with this migration: they were kept in another way.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '010'
down_revision = '009'

ROLES = ("'focal-point', 'donor-officer', 'organisation-officer', 'isu-officer', 'isu-administrator', 'committee-member', "
         "'public'")


def upgrade() -> None:
    op.create_table('account_invitation',
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('is_head', sa.Boolean(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('invited_by_id', sa.Integer(), nullable=True),
    sa.Column('authenticated_at', sa.Date(), nullable=True),
    sa.Column('authenticated_by_id', sa.Integer(), nullable=True),
    sa.Column('authenticated_how', sa.String(length=500), nullable=False),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("authenticated_at IS NULL OR authenticated_how <> ''", name=op.f('ck_account_invitation_authenticated_has_how')),
    sa.CheckConstraint(f"role IN ({ROLES})", name=op.f('ck_account_invitation_role')),
    sa.ForeignKeyConstraint(['authenticated_by_id'], ['account.id'], name=op.f('fk_account_invitation_authenticated_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['invited_by_id'], ['account.id'], name=op.f('fk_account_invitation_invited_by_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_account_invitation_party_id')),
    sa.ForeignKeyConstraint(['replaces_id'], ['account.id'], name=op.f('fk_account_invitation_replaces_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_invitation'))
    )
    with op.batch_alter_table('account_invitation', schema=None) as batch_op:
        batch_op.create_index('ix_account_invitation_digest', ['digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_invitation_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_invitation_is_demo'), ['is_demo'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_invitation_party_id'), ['party_id'], unique=False)

    op.create_table('account_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('device', sa.String(length=120), nullable=False),
    sa.Column('device_hash', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('method', sa.String(length=40), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_session_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_session'))
    )
    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_session_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_session_ended_at'), ['ended_at'], unique=False)

    op.create_table('passkey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('credential', sa.String(length=1400), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_passkey_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('credential', name=op.f('uq_passkey_credential'))
    )
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_passkey_account_id'), ['account_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=200), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recovery_code_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code'))
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_code_account_id'), ['account_id'], unique=False)

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('password_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('erased_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('is_head', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('authenticated_at', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('authenticated_by_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('authenticated_how', sa.String(length=500), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('totp_secret', sa.String(length=300), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('totp_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('totp_step', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('issuer', sa.String(length=300), nullable=True))
        batch_op.add_column(sa.Column('issuer_subject', sa.String(length=300), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_account_issuer_issuer_subject'), ['issuer', 'issuer_subject'])
        batch_op.create_foreign_key(batch_op.f('fk_account_authenticated_by_id'), 'account', ['authenticated_by_id'], ['id'], ondelete='SET NULL')
        batch_op.create_check_constraint(batch_op.f('ck_account_authenticated_has_how'),
                                         "authenticated_at IS NULL OR authenticated_how <> ''")
        batch_op.drop_column('session_key')
    # Defaults serve the rows that are there; from now on the application says what it keeps.
    with op.batch_alter_table('account', schema=None) as batch_op:
        for name in ('is_head', 'authenticated_how', 'totp_secret', 'totp_step'):
            batch_op.alter_column(name, server_default=None)



def downgrade() -> None:
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('session_key', sa.String(length=64), nullable=False, server_default=''))
        batch_op.drop_constraint(batch_op.f('ck_account_authenticated_has_how'), type_='check')
        batch_op.drop_constraint(batch_op.f('fk_account_authenticated_by_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_account_issuer_issuer_subject'), type_='unique')
        batch_op.drop_column('issuer_subject')
        batch_op.drop_column('issuer')
        batch_op.drop_column('totp_step')
        batch_op.drop_column('totp_at')
        batch_op.drop_column('totp_secret')
        batch_op.drop_column('authenticated_how')
        batch_op.drop_column('authenticated_by_id')
        batch_op.drop_column('authenticated_at')
        batch_op.drop_column('is_head')
        batch_op.drop_column('erased_at')
        batch_op.drop_column('closed_at')
        batch_op.drop_column('password_at')

    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_code_account_id'))

    op.drop_table('recovery_code')
    with op.batch_alter_table('passkey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_passkey_account_id'))

    op.drop_table('passkey')
    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_session_ended_at'))
        batch_op.drop_index(batch_op.f('ix_account_session_account_id'))

    op.drop_table('account_session')
    with op.batch_alter_table('account_invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_invitation_party_id'))
        batch_op.drop_index(batch_op.f('ix_account_invitation_is_demo'))
        batch_op.drop_index(batch_op.f('ix_account_invitation_email'))
        batch_op.drop_index('ix_account_invitation_digest')

    op.drop_table('account_invitation')
