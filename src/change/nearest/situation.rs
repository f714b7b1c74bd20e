//! Situations: how things stand after some changes, for the organization and for the resource that is asked about.

use alloc::vec::Vec;

use super::Change;
use super::question::Question;
use crate::access::{Decision, Facts, Resource, Share, Target};
use crate::actor::Actor;
use crate::change::Command;
use crate::id::{ResourceId, ShareId};
use crate::organization::Organization;
use crate::sharing::{ShareCommand, ShareEvent, Sheet};

/// How things stand.
#[derive(Clone)]
pub(super) struct Situation {
    pub(super) organization: Organization,
    /// The shares that count for the resource that is asked about.
    pub(super) shares: Vec<Share>,
    /// The sheets of the resource and its containers, as far as the caller has them.
    pub(super) sheets: Vec<Sheet>,
}

impl Situation {
    /// How things stand at first.
    pub(super) fn of(organization: &Organization, question: &Question<'_>) -> Self {
        let shares = question.resource().map(|resource| resource.shares.to_vec()).unwrap_or_default();
        Self { organization: organization.clone(), shares, sheets: question.sheets.to_vec() }
    }

    /// Whether a command of the organization is accepted from an actor. Nothing is copied.
    pub(super) fn accepts(&self, command: &Command, actor: Actor, facts: &Facts<'_>) -> bool {
        self.organization.handle(command, &facts.by(actor)).is_ok()
    }

    /// How things stand after a change of an actor's, if it is accepted.
    pub(super) fn after(
        &self,
        change: &Change,
        actor: Actor,
        question: &Question<'_>,
        facts: &Facts<'_>,
    ) -> Option<Self> {
        match change {
            Change::Organization(command) => {
                let outcome = self.organization.handle(command, &facts.by(actor)).ok()?;
                let mut after = self.clone();
                outcome.records.iter().for_each(|record| after.organization.apply(record));
                Some(after)
            }
            Change::Share(on, command) => self.after_sharing(*on, command, actor, question, facts),
        }
    }

    /// People alone open what is theirs to open; the platform only closes.
    fn after_sharing(
        &self,
        on: ResourceId,
        command: &ShareCommand,
        actor: Actor,
        question: &Question<'_>,
        facts: &Facts<'_>,
    ) -> Option<Self> {
        let resource = question.resource()?;
        let opens = !matches!(command, ShareCommand::RevokeShare(_));
        if opens && (actor == Actor::System || resource.personal_owner.is_some_and(|owner| actor.user() != Some(owner)))
        {
            return None; // what others share of somebody's own does not count
        }
        // Of a container nothing but its id is known: what counts for it is what counts for what lies in it.
        let judged = Resource { id: on, shares: &self.shares, ..*resource };
        let sheet = self.sheet(on);
        let records = self.organization.handle_share(&sheet, &judged, command, &facts.by(actor)).ok()?;
        let mut changed = sheet.clone();
        records.iter().for_each(|record| changed.apply(record));
        let mut after = self.clone();
        for record in &records {
            after.follow(on, &record.event, &sheet, &changed);
        }
        after.sheets.retain(|sheet| sheet.resource() != on);
        after.sheets.push(changed);
        Some(after)
    }

    /// The sheet of a resource; one on which nothing was shared, where the caller has none.
    fn sheet(&self, on: ResourceId) -> Sheet {
        let known = self.sheets.iter().find(|sheet| sheet.resource() == on).cloned();
        known.unwrap_or_else(|| Sheet::new(self.organization.id(), on))
    }

    /// Takes in what became of a share: the one that it was goes, the one that it is comes.
    fn follow(&mut self, on: ResourceId, event: &ShareEvent, before: &Sheet, after: &Sheet) {
        let share = match event {
            ShareEvent::Given { share, .. } | ShareEvent::Changed { share, .. } | ShareEvent::Revoked { share } => {
                *share
            }
            ShareEvent::Claimed { .. } | ShareEvent::HandedOver { .. } => return,
        };
        let organization = &self.organization;
        let of = |sheet: &Sheet| sheet.share(share).and_then(|given| given.as_share(organization, on));
        let (was, is) = (of(before), of(after));
        if let Some(at) = was.and_then(|was| self.shares.iter().position(|share| *share == was)) {
            self.shares.remove(at);
        }
        self.shares.extend(is);
    }

    /// An id that no share on a resource has.
    pub(super) fn free_share(&self, on: ResourceId) -> Option<ShareId> {
        let sheet = self.sheet(on);
        (1..=u64::MAX).filter_map(ShareId::from_u64).find(|id| sheet.share(*id).is_none())
    }

    /// The answer as things stand.
    pub(super) fn answers(&self, question: &Question<'_>) -> Decision {
        let check = |target| self.organization.check(question.actor, question.permission, target, question.facts);
        match question.target {
            Target::Resource(resource) => check(Target::Resource(&Resource { shares: &self.shares, ..*resource })),
            other => check(other),
        }
    }
}
