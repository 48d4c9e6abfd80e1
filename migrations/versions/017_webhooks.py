"""Webhooks: addresses of machines that are told what happens, and the outbox of what they are told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '017'
down_revision = '016'


def upgrade() -> None:
    op.create_table('webhook',
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('description', sa.String(length=200), nullable=False),
    sa.Column('events', sa.String(length=120), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('status_on', sa.DateTime(timezone=True), nullable=True),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('old_secret', sa.Text(), nullable=False),
    sa.Column('old_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("role IN ('focal-point', 'donor-officer', 'organisation-officer', 'isu-officer', 'isu-administrator', "
                       "'committee-member', 'public')",
                       name=op.f('ck_webhook_role')),
    sa.CheckConstraint("status IN ('waiting', 'allowed', 'paused', 'refused')", name=op.f('ck_webhook_status')),
    sa.CheckConstraint('failures >= 0', name=op.f('ck_webhook_failures_not_negative')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_webhook_account_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_webhook_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook')),
    sa.UniqueConstraint('party_id', 'role', 'address', name=op.f('uq_webhook_party_id_role_address'))
    )
    op.create_index(op.f('ix_webhook_account_id'), 'webhook', ['account_id'], unique=False)
    op.create_index(op.f('ix_webhook_is_demo'), 'webhook', ['is_demo'], unique=False)
    op.create_index(op.f('ix_webhook_status'), 'webhook', ['status'], unique=False)
    op.create_table('webhook_delivery',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('webhook_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('message', sa.String(length=40), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('record_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=40), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=32), nullable=True),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("reason IS NULL OR reason IN ('status', 'redirect', 'slow', 'closed', 'unknown-host', 'private', "
                       "'certificate', 'unfit', 'locked', 'hidden')",
                       name=op.f('ck_webhook_delivery_reason')),
    sa.CheckConstraint("status IN ('to-send', 'answered', 'given-up', 'withheld')", name=op.f('ck_webhook_delivery_status')),
    sa.CheckConstraint("what IN ('need.published', 'pledge.confirmed', 'followup.due', 'test')",
                       name=op.f('ck_webhook_delivery_what')),
    sa.CheckConstraint('attempts >= 0', name=op.f('ck_webhook_delivery_attempts_not_negative')),
    sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name=op.f('fk_webhook_delivery_webhook_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_webhook_delivery')),
    sa.UniqueConstraint('message', name=op.f('uq_webhook_delivery_message')),
    sa.UniqueConstraint('webhook_id', 'key', name=op.f('uq_webhook_delivery_webhook_id_key'))
    )
    op.create_index(op.f('ix_webhook_delivery_at'), 'webhook_delivery', ['at'], unique=False)
    op.create_index('ix_webhook_delivery_status_due_at_id', 'webhook_delivery', ['status', 'due_at', 'id'], unique=False)


def downgrade() -> None:
    op.drop_table('webhook_delivery')
    op.drop_table('webhook')
