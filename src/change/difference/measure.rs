//! The measure: which permission of one state is which of the other, and which are told apart where.

use core::ops::{BitAnd, BitOr, Sub};

use crate::catalog::{Catalog, Lineage, PermissionSet};

/// What differs between two sets of permissions.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Delta {
    /// Of the later catalog.
    pub(crate) gained: PermissionSet,
    /// Of the later catalog.
    pub(crate) lost: PermissionSet,
    /// What is lost of the earlier catalog, and gone or merged in the later one.
    pub(crate) gone: PermissionSet,
}

impl Delta {
    pub(crate) fn is_nothing(self) -> bool {
        self == Self::default()
    }

    /// The same of each catalog, in whatever direction.
    const fn mask(old: PermissionSet, new: PermissionSet) -> Self {
        Self { gained: new, lost: new, gone: old }
    }
}

impl BitOr for Delta {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self { gained: self.gained | other.gained, lost: self.lost | other.lost, gone: self.gone | other.gone }
    }
}

impl BitAnd for Delta {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self { gained: self.gained & other.gained, lost: self.lost & other.lost, gone: self.gone & other.gone }
    }
}

impl Sub for Delta {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { gained: self.gained - other.gained, lost: self.lost - other.lost, gone: self.gone - other.gone }
    }
}

/// How the permissions of two states are compared.
pub(crate) struct Measure<'l> {
    /// None within one catalog.
    lineage: Option<&'l Lineage>,
    /// What is held in the organization alone, whichever workspace is asked about.
    organization: Delta,
    /// What is about single resources.
    resources: Delta,
}

impl<'l> Measure<'l> {
    /// Within one catalog.
    pub(crate) const fn within(catalog: &Catalog) -> Self {
        let (organization, resources) = (catalog.organization_scope(), catalog.resource_scope());
        Self {
            lineage: None,
            organization: Delta::mask(organization, organization),
            resources: Delta::mask(resources, resources),
        }
    }

    /// From one catalog to another. Whose scope has become wider is told apart as far as either scope asks for.
    pub(crate) fn along(lineage: &'l Lineage, old: &Catalog, new: &Catalog) -> Self {
        let all: PermissionSet = old.permissions().map(|(permission, _)| permission).collect();
        let touching = |set: PermissionSet| -> PermissionSet {
            all.iter().filter(|permission| !(lineage.targets(*permission) & set).is_empty()).collect()
        };
        let below = all - old.organization_scope();
        let below_new = new.permissions().map(|(permission, _)| permission).collect::<PermissionSet>();
        let below_new = below_new - new.organization_scope();
        let organization =
            (old.organization_scope() - touching(below_new), new.organization_scope() - lineage.touched(below));
        let resources = (
            old.resource_scope() | touching(new.resource_scope()),
            new.resource_scope() | lineage.touched(old.resource_scope()),
        );
        Self {
            lineage: Some(lineage),
            organization: Delta::mask(organization.0, organization.1),
            resources: Delta::mask(resources.0, resources.1),
        }
    }

    /// What differs between what was held and what is.
    pub(super) fn between(&self, had: PermissionSet, has: PermissionSet) -> Delta {
        let Some(lineage) = self.lineage else {
            return Delta { gained: has - had, lost: had - has, gone: PermissionSet::EMPTY };
        };
        let (gone, lost) = lineage.lost(had, has);
        Delta { gained: has - lineage.worth(had), lost, gone }
    }

    /// What a difference in a workspace is without what is held in the organization alone.
    pub(super) fn below_organization(&self, delta: Delta) -> Delta {
        delta - self.organization
    }

    /// What of a difference is about single resources.
    pub(super) fn of_resources(&self, delta: Delta) -> Delta {
        delta & self.resources
    }

    /// What of a difference shares have given before, or give after.
    pub(super) fn given(&self, delta: Delta, before: PermissionSet, after: PermissionSet) -> Delta {
        let lost = self.lineage.map_or(before, |lineage| lineage.touched(before));
        delta & Delta { gained: after, lost, gone: before }
    }

    /// Whether anything is about single resources.
    pub(super) fn knows_resources(&self) -> bool {
        !self.resources.is_nothing()
    }
}
