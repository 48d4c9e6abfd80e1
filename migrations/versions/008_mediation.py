"""Within a match: messages with files, the first contact, reasons to decline that can be counted; feeds of calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '008'
down_revision = '007'

REASONS = "declined_for IN ('budget', 'theme', 'region', 'timing', 'not-specific', 'supported', 'other')"


def one_record(*more: str) -> str:
    """The rule that a document belongs to one record."""
    owners = ('need', 'offer', 'meeting', 'conference', 'pledge', *more)
    return ' + '.join(f'CASE WHEN {one}_id IS NULL THEN 0 ELSE 1 END' for one in owners) + ' = 1'


def upgrade() -> None:
    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.add_column(sa.Column('contact_shared', sa.Boolean(), server_default=sa.true(), nullable=False))

    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.add_column(sa.Column('declined_for', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('contact_asked_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('contact_asked_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('contact_made_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('contact_shown_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_match_contact_asked_id'), 'party', ['contact_asked_id'], ['id'])
        batch_op.drop_constraint(batch_op.f('ck_match_declined_has_reason'), type_='check')

    op.execute("UPDATE match SET declined_for = 'other' WHERE status = 'declined'")
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f('ck_match_declined_for'), REASONS)
        batch_op.create_check_constraint(batch_op.f('ck_match_declined_has_reason'),
                                         "status <> 'declined' OR (declined_for IS NOT NULL AND (declined_for <> 'other' "
                                         "OR reason <> ''))")

    op.create_table('match_message',
    sa.Column('match_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('side_id', sa.Integer(), nullable=True),
    sa.Column('audience', sa.String(length=32), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("audience IN ('both', 'side')", name=op.f('ck_match_message_audience')),
    sa.CheckConstraint("(audience = 'both') = (side_id IS NULL)", name=op.f('ck_match_message_one_side')),
    sa.CheckConstraint("(taken_back_at IS NULL) = (body <> '')", name=op.f('ck_match_message_words_until_taken_back')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_match_message_account_id')),
    sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_match_message_match_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_match_message_party_id')),
    sa.ForeignKeyConstraint(['side_id'], ['party.id'], name=op.f('fk_match_message_side_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_match_message'))
    )
    with op.batch_alter_table('match_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_match_message_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_match_message_is_demo'), ['is_demo'], unique=False)
        batch_op.create_index('ix_match_message_match_id_id', ['match_id', 'id'], unique=False)

    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.add_column(sa.Column('message_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_document_message_id'), ['message_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_document_message_id'), 'match_message', ['message_id'], ['id'], ondelete='CASCADE')
        batch_op.drop_constraint(batch_op.f('ck_document_one_record'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_document_one_record'), one_record('message'))

    op.create_table('feed',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('last_fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("what IN ('own', 'party')", name=op.f('ck_feed_what')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_feed_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_feed_token_hash'))
    )
    with op.batch_alter_table('feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_feed_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_feed_is_demo'), ['is_demo'], unique=False)


def downgrade() -> None:
    op.drop_table('feed')
    op.execute("DELETE FROM document WHERE message_id IS NOT NULL")
    with op.batch_alter_table('document', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_document_one_record'), type_='check')
        batch_op.create_check_constraint(batch_op.f('ck_document_one_record'), one_record())
        batch_op.drop_constraint(batch_op.f('fk_document_message_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_document_message_id'))
        batch_op.drop_column('message_id')

    op.drop_table('match_message')
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_match_declined_has_reason'), type_='check')
        batch_op.drop_constraint(batch_op.f('ck_match_declined_for'), type_='check')

    op.execute("UPDATE match SET reason = declined_for WHERE status = 'declined' AND reason = ''")
    with op.batch_alter_table('match', schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f('ck_match_declined_has_reason'), "status <> 'declined' OR reason <> ''")
        batch_op.drop_constraint(batch_op.f('fk_match_contact_asked_id'), type_='foreignkey')
        batch_op.drop_column('contact_shown_at')
        batch_op.drop_column('contact_made_at')
        batch_op.drop_column('contact_asked_id')
        batch_op.drop_column('contact_asked_at')
        batch_op.drop_column('declined_for')

    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.drop_column('contact_shared')
