"""Weights and vocabulary of the engine, answers to suggestions, exclusions on either side, the visit before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '003'
down_revision = '002'


def upgrade() -> None:
    op.create_table('engine_language',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=16), nullable=False),
    sa.Column('texts', sa.Integer(), nullable=False),
    sa.Column('words', sa.LargeBinary(), nullable=False),
    sa.Column('seen', sa.LargeBinary(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_engine_language')),
    sa.UniqueConstraint('digest', name=op.f('uq_engine_language_digest'))
    )
    op.create_table('engine_weights',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('origin', sa.String(length=32), nullable=False),
    sa.Column('points', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('trained_on', sa.Date(), nullable=True),
    sa.Column('training', sa.JSON(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("origin IN ('trained', 'adjusted')", name=op.f('ck_engine_weights_origin')),
    sa.ForeignKeyConstraint(['author_id'], ['account.id'], name=op.f('fk_engine_weights_author_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_engine_weights'))
    )
    with op.batch_alter_table('engine_weights', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_engine_weights_activated_at'), ['activated_at'], unique=False)

    op.create_table('answer',
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('verdict', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("verdict = 'relevant' OR reason <> ''", name=op.f('ck_answer_not_relevant_has_reason')),
    sa.CheckConstraint("verdict IN ('relevant', 'not-relevant')", name=op.f('ck_answer_verdict')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_answer_account_id')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_answer_need_id')),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_answer_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer')),
    sa.UniqueConstraint('need_id', 'party_id', 'account_id', name=op.f('uq_answer_need_id_party_id_account_id'))
    )
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_is_demo'), ['is_demo'], unique=False)
        batch_op.create_index(batch_op.f('ix_answer_need_id'), ['need_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_answer_party_id'), ['party_id'], unique=False)

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('visit_before', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.add_column(sa.Column('excluded_partners', sa.String(), server_default='', nullable=False))

    with op.batch_alter_table('priorities', schema=None) as batch_op:
        batch_op.add_column(sa.Column('excluded_countries', sa.String(), server_default='', nullable=False))



def downgrade() -> None:
    with op.batch_alter_table('priorities', schema=None) as batch_op:
        batch_op.drop_column('excluded_countries')

    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.drop_column('excluded_partners')

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_column('visit_before')

    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_party_id'))
        batch_op.drop_index(batch_op.f('ix_answer_need_id'))
        batch_op.drop_index(batch_op.f('ix_answer_is_demo'))

    op.drop_table('answer')
    with op.batch_alter_table('engine_weights', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_engine_weights_activated_at'))

    op.drop_table('engine_weights')
    op.drop_table('engine_language')
