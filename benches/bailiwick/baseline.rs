//! What a competent developer writes by hand: three maps, a set of bits for each role, and every id verified.
//!
//! The hash is hashbrown's own, the ids are 128 bits or, where somebody can count on 64, those.
#![allow(dead_code, reason = "two packages share this file, and each uses its part of it")]

use std::hash::Hash;

use hashbrown::HashMap;

use crate::worlds::{Ask, Plain, Question, Role};

pub struct Baseline<Id> {
    /// Which organization a workspace is of.
    workspaces: HashMap<Id, Id>,
    /// The role of each (organization, user).
    members: HashMap<(Id, Id), Role>,
    /// Each (workspace, user) to whom the workspace is assigned, perhaps with another role.
    rows: HashMap<(Id, Id), Option<Role>>,
    /// The bits of each role.
    permissions: [u64; 4],
}

impl<Id: Key> Baseline<Id> {
    pub fn new() -> Self {
        let bits = |role: Role| Ask::ALL.iter().filter(|ask| role.holds(**ask)).map(|ask| bit(*ask)).sum();
        let permissions = Role::ALL.map(bits);
        Self { workspaces: HashMap::new(), members: HashMap::new(), rows: HashMap::new(), permissions }
    }

    pub fn insert(&mut self, org: &Plain) {
        let id = Id::from_bits(org.id.as_u128());
        self.workspaces.extend(org.workspaces.iter().map(|workspace| (Id::from_bits(workspace.as_u128()), id)));
        self.members.extend(org.members.iter().map(|member| ((id, Id::from_bits(member.user.as_u128())), member.role)));
        self.rows.extend(org.rows_by_id().map(|(member, workspace, role)| {
            ((Id::from_bits(workspace.as_u128()), Id::from_bits(member.user.as_u128())), role)
        }));
    }

    #[inline]
    pub fn check(&self, asked: &Asked<Id>) -> bool {
        if self.workspaces.get(&asked.workspace) != Some(&asked.org) {
            return false;
        }
        let Some(role) = self.members.get(&(asked.org, asked.user)) else { return false };
        let own = self.permissions[*role as usize];
        if role.reaches_all() {
            return own & asked.permission != 0;
        }
        let Some(instead) = self.rows.get(&(asked.workspace, asked.user)) else { return false };
        let there = instead.map_or(0, |role| self.permissions[role as usize]);
        (own | there) & asked.permission != 0
    }
}

/// A question with ids of this width.
#[derive(Clone, Copy)]
pub struct Asked<Id> {
    pub org: Id,
    pub user: Id,
    pub workspace: Id,
    pub permission: u64,
}

impl<Id: Key> From<&Question> for Asked<Id> {
    fn from(question: &Question) -> Self {
        Self {
            org: Id::from_bits(question.org.as_u128()),
            user: Id::from_bits(question.user.as_u128()),
            workspace: Id::from_bits(question.workspace.as_u128()),
            permission: bit(question.ask),
        }
    }
}

fn bit(ask: Ask) -> u64 {
    1 << ask as u64
}

/// An id of some width.
pub trait Key: Copy + Eq + Hash {
    fn from_bits(bits: u128) -> Self;
}

impl Key for u128 {
    fn from_bits(bits: u128) -> Self {
        bits
    }
}

impl Key for u64 {
    /// The low half, which is as random as the whole.
    fn from_bits(bits: u128) -> Self {
        bits as Self
    }
}
