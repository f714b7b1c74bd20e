//! Effects: what a caller has to do about what happened. The crate sends no mail, ends no session, charges no card.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{Content, Event, Record};
use crate::catalog::PlanKey;
use crate::id::{InvitationId, ServiceId, TeamId, UserId, WorkspaceId};
use crate::organization::{Disposition, Domain, Organization, Seats, Status};
use crate::text::Address;
use crate::time::Timestamp;

/// Something for the caller to do, outside of the crate.
///
/// # Shape
/// In serde written as events are, for whoever does it in another process; nobody hands effects in.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Effect {
    /// Send the invitation, with the secret that the caller has made.
    SendInvitation {
        /// Which.
        invitation: InvitationId,
        /// To whom.
        address: Address,
        /// When it ends.
        until: Timestamp,
    },
    /// End the sessions of a user in this organization.
    EndSessions {
        /// Whose.
        user: UserId,
    },
    /// Drop the shares that name a user: what was shared with them by name would stay open as to any outsider.
    /// [`Tenants`](crate::Tenants) has closed those that are kept in its store.
    DropShares {
        /// Whose.
        user: UserId,
    },
    /// Drop the shares with a team: it is gone, and one of the same id would be another. [`Tenants`](crate::Tenants) has closed those that are
    /// kept in its store.
    DropTeamShares {
        /// Which.
        team: TeamId,
    },
    /// Hand the content of somebody who is gone over to somebody else.
    HandOverContent {
        /// Whose it was.
        from: UserId,
        /// Whose it is now.
        to: UserId,
    },
    /// Drop the sessions and cached secrets of a service.
    EndService {
        /// Which.
        service: ServiceId,
    },
    /// Ask a member whether they want to become the owner.
    OfferOwnership {
        /// Who offers it.
        from: UserId,
        /// To whom.
        to: UserId,
    },
    /// Look whether a domain is the organization's, and confirm it.
    VerifyDomain {
        /// Which.
        domain: Domain,
    },
    /// Tell the payment provider what is bought now, or from a time on.
    ChangeSubscription {
        /// The plan.
        plan: PlanKey,
        /// Seats, where the plan counts them.
        seats: Seats,
        /// From when on; `None` is at once.
        at: Option<Timestamp>,
    },
    /// Cancel the subscription.
    CancelSubscription,
    /// Take the subscription up again.
    ResumeSubscription,
    /// Delete, hand over or export everything in the organization; keep what can be restored until the purge.
    DisposeOfOrganization {
        /// What becomes of it.
        disposition: Disposition,
        /// From when on nothing is kept.
        purge_at: Timestamp,
    },
    /// Delete content of one kind when it is due; nothing before, for the organization may be reopened.
    PurgeContent {
        /// The kind, as the catalog names it.
        kind: String,
        /// When.
        due: Timestamp,
    },
    /// Keep the content that was due to be deleted, if any was: the organization is not archived any more.
    CancelPurge,
    /// End all sessions in this organization, also those of services.
    EndAllSessions,
    /// Delete everything in a workspace.
    DeleteWorkspaceContent {
        /// Which.
        workspace: WorkspaceId,
    },
}

impl Organization {
    /// What there is to do about records of this organization, in their order. Before and after they are applied the
    /// answer is the same.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::Facts;
    /// # use bailiwick::change::{Command, DeleteOrganization, SignUp};
    /// use bailiwick::change::Effect;
    /// # use bailiwick::{Actor, Disposition, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    /// # let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
    /// # let mut organization = Organization::new(home, Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); }
    /// let delete = DeleteOrganization { disposition: Disposition::Export, owns_recipient: false };
    /// let outcome = organization.handle(&delete.into(), &now.by(Actor::System))?;
    /// let effects = organization.effects(&outcome.records);
    /// assert!(effects.contains(&Effect::CancelSubscription));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn effects(&self, records: &[Record]) -> Vec<Effect> {
        let mut effects = Vec::new();
        for record in records {
            self.effects_of(record, &mut effects);
        }
        // Somebody who stays as a collaborator keeps what is shared with them by name.
        let stay = records.iter().filter_map(|record| match &record.event {
            Event::CollaboratorJoined { user, .. } => Some(Effect::DropShares { user: *user }),
            _ => None,
        });
        let stay: Vec<Effect> = stay.collect();
        effects.retain(|effect| !stay.contains(effect));
        effects
    }

    fn effects_of(&self, record: &Record, effects: &mut Vec<Effect>) {
        match &record.event {
            Event::Invited { invitation, address, until, .. } => {
                let (invitation, address, until) = (*invitation, address.clone(), *until);
                effects.push(Effect::SendInvitation { invitation, address, until });
            }
            Event::InvitationResent { invitation, until, .. } => {
                let address = self.invitation(*invitation).and_then(|found| found.address()).cloned();
                let (invitation, until) = (*invitation, *until);
                effects.extend(address.map(|address| Effect::SendInvitation { invitation, address, until }));
            }
            Event::PersonSuspended { user } => effects.push(Effect::EndSessions { user: *user }),
            Event::PersonRemoved { user, content } => {
                effects.extend([Effect::EndSessions { user: *user }, Effect::DropShares { user: *user }]);
                if let Content::TransferTo(to) = content {
                    effects.push(Effect::HandOverContent { from: *user, to: *to });
                }
            }
            Event::UserErased { user } => {
                effects.extend([Effect::EndSessions { user: *user }, Effect::DropShares { user: *user }]);
            }
            Event::TeamDissolved { team } => effects.push(Effect::DropTeamShares { team: *team }),
            Event::ServiceEnded { service }
            | Event::ServiceOrphaned { service }
            | Event::ServiceSecretRotated { service, .. }
            | Event::ServiceAdopted { service, .. } => effects.push(Effect::EndService { service: *service }),
            Event::OwnershipOffered { from, to } => effects.push(Effect::OfferOwnership { from: *from, to: *to }),
            Event::DomainSet { domain, .. } if !self.domains.get(domain).is_some_and(|rule| rule.confirmed) => {
                effects.push(Effect::VerifyDomain { domain: domain.clone() });
            }
            Event::PlanChanged { plan, seats, at } => {
                effects.push(Effect::ChangeSubscription { plan: plan.clone(), seats: *seats, at: *at });
            }
            Event::SeatsChanged { seats, at } => {
                let plan = self.profile().map(|profile| profile.terms_at(record.at).plan);
                let key = plan.and_then(|plan| self.catalog().plan_def(plan)).map(|def| def.key.as_str());
                let (plan, seats, at) = (key.unwrap_or_default().into(), *seats, *at);
                effects.push(Effect::ChangeSubscription { plan, seats, at });
            }
            Event::OrganizationDeleted { disposition, purge_at } => {
                let (disposition, purge_at) = (*disposition, *purge_at);
                effects.extend([
                    Effect::EndAllSessions,
                    Effect::CancelSubscription,
                    Effect::DisposeOfOrganization { disposition, purge_at },
                ]);
            }
            Event::OrganizationRestored => effects.push(Effect::ResumeSubscription),
            Event::StatusChanged { status: Status::Archived } => {
                let plan = self.profile().map(|profile| profile.terms_at(record.at).plan);
                let dates = plan.map(|plan| self.retention_from(plan, record.at)).unwrap_or_default();
                effects.extend(dates.into_iter().map(|date| Effect::PurgeContent { kind: date.kind, due: date.due }));
            }
            Event::StatusChanged { .. } => effects.push(Effect::CancelPurge),
            Event::WorkspaceDeleted { workspace } => {
                effects.push(Effect::DeleteWorkspaceContent { workspace: *workspace });
            }
            _ => {}
        }
    }
}
