"""Cases of the individualised approach: rounds, preparation, invitations, interest stated, support since; when a meeting begins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '006'
down_revision = '005'


def upgrade() -> None:
    op.create_table('approach_case',
    sa.Column('ref', sa.String(length=32), nullable=False),
    sa.Column('state_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('origin', sa.String(length=32), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('status_on', sa.DateTime(timezone=True), nullable=True),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('shared', sa.Text(), nullable=False),
    sa.Column('consent_on', sa.Date(), nullable=True),
    sa.Column('consent_by', sa.String(length=300), nullable=False),
    sa.Column('shared_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False),
    sa.CheckConstraint("consent_on IS NULL OR shared <> ''", name=op.f('ck_approach_case_consent_to_something')),
    sa.CheckConstraint("origin IN ('request', 'proposal')", name=op.f('ck_approach_case_origin')),
    sa.CheckConstraint("status IN ('asked', 'preparing', 'met', 'closed', 'withdrawn')", name=op.f('ck_approach_case_status')),
    sa.CheckConstraint("status NOT IN ('met', 'closed') OR meeting_id IS NOT NULL", name=op.f('ck_approach_case_met_has_meeting')),
    sa.CheckConstraint('shared_on IS NULL OR consent_on IS NOT NULL', name=op.f('ck_approach_case_shared_with_consent')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_approach_case_meeting_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['account.id'], name=op.f('fk_approach_case_owner_id')),
    sa.ForeignKeyConstraint(['state_id'], ['party.id'], name=op.f('fk_approach_case_state_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approach_case')),
    sa.UniqueConstraint('ref', name=op.f('uq_approach_case_ref')),
    sa.UniqueConstraint('state_id', 'round', name=op.f('uq_approach_case_state_id_round'))
    )
    with op.batch_alter_table('approach_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_approach_case_is_demo'), ['is_demo'], unique=False)
        batch_op.create_index(batch_op.f('ix_approach_case_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_approach_case_state_id'), ['state_id'], unique=False)

    op.create_table('case_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=32), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('done_by', sa.String(length=300), nullable=False),
    sa.CheckConstraint("item IN ('status-note', 'needs', 'plan', 'documents', 'agenda', 'invitations')", name=op.f('ck_case_item_item')),
    sa.ForeignKeyConstraint(['case_id'], ['approach_case.id'], name=op.f('fk_case_item_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_item')),
    sa.UniqueConstraint('case_id', 'item', name=op.f('uq_case_item_case_id_item'))
    )
    op.create_table('case_support',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('answer', sa.String(length=32), nullable=True),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('answered_by', sa.String(length=300), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.CheckConstraint("answer IS NULL OR answer IN ('arrived', 'promised', 'talks', 'none')", name=op.f('ck_case_support_answer')),
    sa.CheckConstraint('(answer IS NULL) = (answered_on IS NULL)', name=op.f('ck_case_support_answer_has_day')),
    sa.CheckConstraint('months IN (6, 12)', name=op.f('ck_case_support_months')),
    sa.ForeignKeyConstraint(['case_id'], ['approach_case.id'], name=op.f('fk_case_support_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_support')),
    sa.UniqueConstraint('case_id', 'months', name=op.f('uq_case_support_case_id_months'))
    )
    with op.batch_alter_table('case_support', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_support_due_on'), ['due_on'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=32), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('score', sa.Float(), nullable=True),
    sa.Column('why', sa.JSON(), nullable=False),
    sa.CheckConstraint("(status = 'sent') = (answered_on IS NULL)", name=op.f('ck_invitation_answer_has_day')),
    sa.CheckConstraint("status IN ('sent', 'accepted', 'declined')", name=op.f('ck_invitation_status')),
    sa.ForeignKeyConstraint(['case_id'], ['approach_case.id'], name=op.f('fk_invitation_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_invitation_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('case_id', 'party_id', name=op.f('uq_invitation_case_id_party_id'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_party_id'), ['party_id'], unique=False)

    op.create_table('statement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('party_id', sa.Integer(), nullable=False),
    sa.Column('need_id', sa.Integer(), nullable=False),
    sa.Column('match_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('said_on', sa.Date(), nullable=False),
    sa.CheckConstraint("words <> ''", name=op.f('ck_statement_has_words')),
    sa.ForeignKeyConstraint(['case_id'], ['approach_case.id'], name=op.f('fk_statement_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['match_id'], ['match.id'], name=op.f('fk_statement_match_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_statement_need_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['party_id'], ['party.id'], name=op.f('fk_statement_party_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement'))
    )
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_statement_case_id'), ['case_id'], unique=False)

    op.create_table('support_pledge',
    sa.Column('support_id', sa.Integer(), nullable=False),
    sa.Column('pledge_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['pledge_id'], ['pledge.id'], name=op.f('fk_support_pledge_pledge_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['support_id'], ['case_support.id'], name=op.f('fk_support_pledge_support_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('support_id', 'pledge_id', name=op.f('pk_support_pledge'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.add_column(sa.Column('starts_at', sa.String(length=5), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('time_zone', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('link', sa.String(length=400), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('agenda', sa.Text(), nullable=False, server_default=''))



def downgrade() -> None:
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_column('agenda')
        batch_op.drop_column('link')
        batch_op.drop_column('time_zone')
        batch_op.drop_column('starts_at')

    op.drop_table('support_pledge')
    with op.batch_alter_table('statement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_statement_case_id'))

    op.drop_table('statement')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_party_id'))

    op.drop_table('invitation')
    with op.batch_alter_table('case_support', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_support_due_on'))

    op.drop_table('case_support')
    op.drop_table('case_item')
    with op.batch_alter_table('approach_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_approach_case_state_id'))
        batch_op.drop_index(batch_op.f('ix_approach_case_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_approach_case_is_demo'))

    op.drop_table('approach_case')
