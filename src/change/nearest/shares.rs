//! Proposals about shares: one more for whoever asks, and those that give it.

use alloc::vec::Vec;

use super::Change;
use super::question::Question;
use super::situation::Situation;
use crate::organization::Organization;
use crate::sharing::{ChangeShare, GiveShare, Recipient, RevokeShare};

/// The resource alone, with whoever asks alone.
pub(super) fn giving(situation: &Situation, question: &Question<'_>) -> Option<Change> {
    let organization: &Organization = &situation.organization;
    let (on, user) = (question.resource()?.id, question.subject(organization)?);
    if !question.is_for_sharing(organization) {
        return None;
    }
    let (share, level) = (situation.free_share(on)?, [question.key(organization)].into());
    let give = GiveShare { share, to: Recipient::User(user), level, until: None };
    Some(Change::Share(on, give.into()))
}

/// What gives it, given up or made to give the rest alone.
pub(super) fn taking(situation: &Situation, question: &Question<'_>) -> Vec<Change> {
    let key = question.key(&situation.organization);
    let mut proposals = Vec::new();
    for sheet in &situation.sheets {
        for (share, given) in sheet.shares().filter(|(_, given)| given.level.contains(&key)) {
            let level: Vec<_> = given.level.iter().filter(|there| **there != key).cloned().collect();
            if !level.is_empty() {
                let change = ChangeShare { share, level, until: given.until };
                proposals.push(Change::Share(sheet.resource(), change.into()));
            }
            proposals.push(Change::Share(sheet.resource(), RevokeShare { share }.into()));
        }
    }
    proposals
}
