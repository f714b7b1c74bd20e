//! Whose rights count when somebody asks, and how far: staff and services act with a user's.

use super::{DenyReason, Facts};
use crate::actor::Actor;
use crate::catalog::PermissionSet;
use crate::id::WorkspaceId;
use crate::organization::Organization;

/// Whose rights count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Who {
    /// Whoever asks as shares and rows know them: a user, or whoever presents a link.
    pub(crate) actor: Actor,
    /// What of a service's permissions counts at the place that is asked about.
    pub(crate) service: Option<PermissionSet>,
    /// What staff can do in somebody's place.
    pub(crate) staff: Option<PermissionSet>,
    /// A service that has ended, or has no sponsor any more.
    pub(crate) stopped: Option<DenyReason>,
}

impl Who {
    /// Whoever is behind an actor; `None` for a service that there is not.
    #[inline]
    pub(crate) fn behind(
        organization: &Organization,
        actor: Actor,
        place: Option<WorkspaceId>,
        facts: &Facts<'_>,
    ) -> Option<Self> {
        let plain = Self { actor, service: None, staff: None, stopped: None };
        match actor {
            Actor::User(_) | Actor::Link(_) | Actor::Provisioner | Actor::System => Some(plain),
            Actor::Staff { on_behalf_of, .. } => {
                let staff = Some(organization.catalog.not_sensitive());
                Some(Self { actor: Actor::User(on_behalf_of), staff, ..plain })
            }
            Actor::Service(id) => {
                let service = organization.service(id)?;
                let usable = service.is_current(facts.now);
                Some(Self {
                    actor: service.sponsor().map_or(actor, Actor::User),
                    service: Some(service.bound_at(&organization.catalog, place)),
                    staff: None,
                    stopped: (!usable || service.sponsor().is_none()).then_some(DenyReason::AccessEnded),
                })
            }
        }
    }
}
