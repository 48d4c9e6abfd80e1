"""The guided first visit: three steps for each role, shown on the desk until the person has seen them, and never again."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from partnerships.core.actor import ISU, Actor, Role

Step = tuple[str, str, str]  # what to do, in a sentence; why; where


def steps(actor: Actor) -> list[Step]:
    """The three steps of the actor's role."""
    if actor.role is Role.FOCAL_POINT:
        return [
            (_("Post what your State needs"),
             _("A title, an amount and a deadline are enough to begin; the margin says what would make it stronger."),
             url_for("needs.new")),
            (_("See who is likely to help, and why"),
             _("Each suggestion names its reasons. Start a conversation, or say that it does not fit."),
             url_for("suggestions.index")),
            (_("Keep it fresh"), _("A need that is confirmed now and then stays at the top; your desk says when."),
             url_for("renewals.index"))]
    if actor.role in (Role.DONOR_OFFICER, Role.ORGANISATION_OFFICER):
        return [
            (_("Say what you look for"), _("Themes, places, amounts and the months in which you decide: the ranking follows."),
             url_for("parties.priorities", ref=actor.party_ref)),
            (_("See the needs that fit you"), _("Each with its three strongest reasons and what holds it back."),
             url_for("suggestions.index")),
            (_("Register interest before you pledge"),
             _("The State hears of it at once, and a next step with a date keeps it alive."), url_for("needs.index"))]
    if actor.role in ISU:
        return [
            (_("Verify what States hand in"), _("Small changes first; the difference to what is published is marked."),
             url_for("desk.verification")),
            (_("See where nobody owns a match"),
             _("The match desk lists needs without a partner, and conversations that went silent."), url_for("suggestions.desk")),
            (_("Close the follow-ups"), _("Suggestions come from rules that you can read and change."), url_for("followups.index"))]
    return [
        (_("See where help is missing"), _("Coverage by thematic area and region, and the States with the largest gaps."),
         url_for("insight.coverage")),
        (_("Open a State's file"), _("Its figures with their sources, and observations drafted from them for you to edit."),
         url_for("observations.index")),
        (_("Follow the action plan"), _("The cooperation actions with their indicators, year by year."),
         url_for("indicators.index"))]
