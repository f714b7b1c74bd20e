//! An organization in hand, as a request has one.

use super::answer::Answer;
use super::quick::Ids;
use super::read::Key;
use super::slot::OrganizationSlot;
use super::{Directory, Question};
use crate::access::{Access, Decision, Facts, Resolved, Target};
use crate::actor::Actor;
use crate::catalog::Permission;
use crate::id::OrgId;
use crate::version::Version;

/// An organization in hand: found once, asked often. It stays right when the organization changes, moves or is gone.
#[derive(Clone, Debug)]
pub struct Found<'d> {
    pub(super) directory: &'d Directory,
    pub(super) id: OrgId,
    pub(super) hash: u64,
    pub(super) slot: &'d OrganizationSlot,
}

impl<'d> Found<'d> {
    /// Which organization it is.
    #[must_use]
    pub const fn id(&self) -> OrgId {
        self.id
    }

    /// Answers one question, as [`Directory::check`] does.
    #[inline]
    pub fn check(&self, actor: Actor, permission: Permission, target: Target<'_>, facts: &Facts<'_>) -> Decision {
        let Self { directory, id, hash, slot } = *self;
        let answer = Ids::of(id, &actor, &target)
            .and_then(|ids| {
                directory.quickly_at(slot, hash, ids, |near| directory.plainly(near, permission, facts.now))
            })
            .unwrap_or(Answer::UNDECIDED);
        match answer.decision() {
            Some(decision) => *decision,
            None => {
                let question = Question { organization: id, actor, permission, target };
                directory.known_by_all_rules(&question, facts)
            }
        }
    }

    /// Resolves what an actor may do at a target, as [`Directory::access`] does.
    pub fn access(&self, actor: Actor, target: Target<'_>, facts: &Facts<'_>) -> Access<'_> {
        let Self { directory, id, hash, slot } = *self;
        let mut resolved = Resolved::nothing(&directory.catalog, Version::ZERO, facts);
        let is_done = Ids::of(id, &actor, &target).and_then(|ids| {
            directory.quickly_at(slot, hash, ids, |near| directory.resolve_plainly(near, &mut resolved, facts))
        });
        if is_done != Some(true) {
            directory.resolve_by_all_rules(&mut resolved, id, actor, target, facts);
        }
        Access::of(resolved)
    }

    /// The version that answers speak of now; `None` once it is gone.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        let organization = Key { id: self.id.as_u128(), hash: self.hash };
        self.directory.look_for(organization, |seen| seen.version())
    }
}
