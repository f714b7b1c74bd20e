//! Dry runs: who would gain and lose what by a migration, and what stands in its way.

use alloc::vec::Vec;
use core::fmt;

use super::{Gain, Migration, Stranded, Widening};
use crate::access::{Facts, Share};
use crate::id::OrgId;
use crate::organization::Organization;
use crate::whatif::AccessDiff;

/// What a migration would do.
#[derive(Clone, Debug, PartialEq)]
pub struct DryRun {
    /// Who would gain and lose what as things stand: what is stopped is neither. What a permission was worth follows the migration: whoever held a permission and
    /// holds what it became has lost nothing.
    pub access: AccessDiff,
    /// What the new catalog gives beyond what there was, declared or not.
    pub widenings: Vec<Widening>,
    /// What stands in the way; none for a migration that can be carried out.
    pub objections: Vec<Objection>,
}

/// Something that stands in the way of a migration.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Objection {
    /// A role, a permission, a plan or an option opens more than it did, and the migration does not say that this is meant.
    Widens(Widening),
    /// Somebody would gain what is not declared: at once, when something ends, or when nothing stops them any more.
    Gains(Gain),
    /// Something would be left without what it needs.
    Strands(Stranded),
    /// The organization is under another catalog than the migration begins with.
    OtherCatalog(OrgId),
}

/// A migration would do what is not declared, or strand something. Nothing was changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub struct Refused(Vec<Objection>);

impl Refused {
    /// What stands in the way; never empty.
    #[must_use]
    pub fn objections(&self) -> &[Objection] {
        &self.0
    }
}

/// One line for each.
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, objection) in self.0.iter().enumerate() {
            let line_break = if position == 0 { "" } else { "\n" };
            write!(f, "{line_break}{objection}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Widens(widening) => write!(f, "{widening}, which is not declared"),
            Self::Gains(gain) => write!(f, "{gain}, which is not declared"),
            Self::Strands(stranded) => stranded.fmt(f),
            Self::OtherCatalog(organization) => write!(f, "organization {organization} is under another catalog"),
        }
    }
}

impl DryRun {
    /// The access diff of a migration that nothing stands in the way of.
    ///
    /// # Errors
    /// [`Refused`], with every [`Objection`].
    pub fn accepted(self) -> Result<AccessDiff, Refused> {
        if self.objections.is_empty() { Ok(self.access) } else { Err(Refused(self.objections)) }
    }
}

impl Migration {
    /// Says who would gain and lose what in these organizations, and what stands in the way. Changes nothing. What is shared
    /// on single resources is kept beside them: [`dry_run_shares`](Self::dry_run_shares).
    ///
    /// # Shape
    /// The facts are those of an [`AccessDiff`], features as the old catalog knows them. Costs for each organization all of its people and services times all of its places.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::Facts;
    /// # use bailiwick::catalog::Catalog;
    /// # use bailiwick::change::{AddMember, Command, CreateOrganization};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, Seats, Timestamp, UserId, WorkspaceId};
    /// use bailiwick::migrate::{Migration, Objection};
    /// # let old: Arc<Catalog> = Arc::new(toml::from_str(bailiwick::presets::PRODUCTION)?);
    /// # let (ada, bob) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
    /// # let mut acme = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&old));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let create = CreateOrganization { name: Name::new("Acme")?, plan: "studio".into(), seats: Seats::new(3), owned: 0, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # for record in acme.handle(&Command::from(create), &now.by(Actor::User(ada)))? { acme.apply(&record); }
    /// # let add = AddMember { user: bob, roles: vec!["editor".into()], access: vec![] };
    /// # for record in acme.handle(&Command::from(add), &now.by(Actor::System))? { acme.apply(&record); }
    /// // Editors are to share inside the organization.
    /// let new = Arc::new(old.to_builder().change_role("editor", |role| role.allows(["share.internal"])).build()?);
    ///
    /// let run = Migration::between(&old, &new)?.dry_run([&acme], &now);
    /// assert_eq!(run.access.gains().map(|row| row.who).next(), Some(Actor::User(bob)));
    /// assert!(matches!(run.objections[0], Objection::Widens(_))); // nobody has said that it is meant
    ///
    /// let meant = Migration::builder().gains(["share.internal"]).build(&old, &new)?;
    /// assert!(meant.dry_run([&acme], &now).accepted().is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dry_run<'o>(&self, organizations: impl IntoIterator<Item = &'o Organization>, facts: &Facts<'_>) -> DryRun {
        let widenings = self.widenings();
        let undeclared = widenings.iter().filter(|widening| !widening.declared);
        let mut run = DryRun {
            access: AccessDiff::default(),
            objections: undeclared.cloned().map(Objection::Widens).collect(),
            widenings,
        };
        for organization in organizations {
            self.try_on(organization, facts, &mut run);
        }
        run
    }

    /// Says who would gain and lose what by shares on resources of an organization, resource by resource, and what stands in
    /// the way of them: whoever would gain, and shares whose group is stranded. Shares that a store keeps are had by
    /// [`Given::as_share`](crate::sharing::Given::as_share).
    ///
    /// # Shape
    /// Of a resource nothing else is known, so it is compared as one that lies in no workspace and is nobody's own. Costs all
    /// people and services times the resources; hand in a part at a time.
    ///
    /// # Source
    /// D-29.
    #[must_use]
    pub fn dry_run_shares(&self, organization: &Organization, shares: &[Share], facts: &Facts<'_>) -> DryRun {
        let mut run = DryRun { access: AccessDiff::default(), widenings: Vec::new(), objections: Vec::new() };
        if organization.catalog() != &self.old {
            run.objections.push(Objection::OtherCatalog(organization.id()));
            return run;
        }
        let after = self.reread(organization);
        let becomes = (shares, |share: &Share| self.share(share).ok());
        run.access.compare_shares(&self.tables.lineage, (organization, &after), becomes, facts);
        let mut stranded: Vec<Stranded> = Vec::new();
        for found in shares.iter().filter_map(|share| self.share(share).err()) {
            if !stranded.contains(&found) {
                stranded.push(found);
            }
        }
        run.objections.extend(stranded.into_iter().map(Objection::Strands));
        run.objections.extend(
            run.access.gains().filter_map(|row| self.undeclared_by_share(row, facts.now)).map(Objection::Gains),
        );
        run
    }

    /// Carries an organization over to the new catalog, unless somebody gained what is not declared or something were
    /// stranded.
    ///
    /// # Errors
    /// [`Refused`], with every [`Objection`].
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::Facts;
    /// # use bailiwick::catalog::Catalog;
    /// # use bailiwick::change::{Command, SignUp};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    /// use bailiwick::migrate::{Migration, Move};
    /// # let old: Arc<Catalog> = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    /// # let ada = Actor::User(UserId::from_u64(1).unwrap());
    /// # let mut home = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&old));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # for record in home.handle(&Command::from(sign_up), &now.by(ada))? { home.apply(&record); }
    /// let text = bailiwick::presets::CLOUD.replace("\"operation.run\"", "\"operation.start\"");
    /// let new: Arc<Catalog> = Arc::new(toml::from_str(&text)?);
    /// let migration = Migration::builder().permissions([Move::rename("operation.run", "operation.start")]).build(&old, &new)?;
    ///
    /// let carried = migration.carry(&home, &now)?;
    /// assert_eq!(carried.catalog(), &new);
    /// assert!(migration.dry_run([&home], &now).access.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn carry(&self, organization: &Organization, facts: &Facts<'_>) -> Result<Organization, Refused> {
        self.dry_run([organization], facts).accepted().map(|_| self.reread(organization))
    }

    /// One organization of a dry run.
    fn try_on(&self, organization: &Organization, facts: &Facts<'_>, run: &mut DryRun) {
        let now = facts.now;
        if organization.catalog() != &self.old {
            run.objections.push(Objection::OtherCatalog(organization.id()));
            return;
        }
        let after = self.reread(organization);
        run.access.compare(&self.tables.lineage, organization, &after, facts);
        for widening in self.widenings_in(organization, now) {
            if !run.widenings.contains(&widening) {
                run.objections.extend((!widening.declared).then(|| Objection::Widens(widening.clone())));
                run.widenings.push(widening);
            }
        }
        run.objections.extend(self.stranded(organization, &after, now).into_iter().map(Objection::Strands));
        run.objections.extend(self.gains(organization, &after, now).into_iter().map(Objection::Gains));
    }
}
