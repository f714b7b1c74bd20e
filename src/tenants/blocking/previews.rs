//! Previews of commands and shares.

use super::{Tenants, wait};
use crate::access::Resource;
use crate::change::{Command, Context, Preview};
use crate::id::OrgId;
use crate::sharing::{ShareCommand, SharePreview};
use crate::store::Store;
use crate::tenants::TenantsError;

impl<S: Store> Tenants<S> {
    /// Says what a command would do, and does nothing: as [`Organization::preview`](crate::Organization::preview) does, with what is shared with whoever
    /// changes, resource by resource.
    ///
    /// # Shape
    /// Shares are loaded by everything by which they concern those who change, before or after: to many first, then by name;
    /// at most [`SHARES_PREVIEWED_MAX`](crate::limits::SHARES_PREVIEWED_MAX), and by so many keys. Of people from outside to whom
    /// something is shared only those who are named on these resources are compared.
    ///
    /// # Errors
    /// [`TenantsError`]; the [`Refusal`](crate::change::Refusal)s of the command.
    pub fn preview(
        &self,
        organization: OrgId,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<Preview, TenantsError> {
        wait(self.inner.preview(organization, command, context))
    }

    /// Says what a command about the shares on a resource would do, and does nothing. `on` says where the resource is; its
    /// shares are loaded here.
    ///
    /// # Errors
    /// [`TenantsError`]; [`Refusal`](crate::change::Refusal)s as the command documents them.
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::{Facts, Resource};
    /// use bailiwick::change::{AddMember, CreateOrganization, On};
    /// use bailiwick::sharing::{GiveShare, Recipient};
    /// use bailiwick::{Actor, Name, OrgId, ResourceId, Seats, ShareId, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::PRODUCTION)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (olga, eva, crew) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap(), OrgId::from_u64(1).unwrap());
    /// let workspace = WorkspaceId::from_u64(1).unwrap();
    /// let create = CreateOrganization { name: Name::new("Crew")?, plan: "studio".into(), seats: Seats::new(3), owned: 0, workspace };
    /// tenants.create(crew, create, &now.by(Actor::User(olga)))?;
    /// tenants.handle(crew, AddMember { user: eva, roles: vec!["editor".into()], access: vec![] }, &now.by(Actor::System))?;
    ///
    /// let pilot = Resource { id: ResourceId::from_u64(1).unwrap(), containers: &[], workspace: None, personal_owner: None, shares: &[] };
    /// let to = Recipient::Group("all_editors".into());
    /// let give = GiveShare { share: ShareId::from_u64(1).unwrap(), to, level: vec!["script.view".into()], until: None };
    /// let preview = tenants.preview_share(crew, &pilot, give, &now.by(Actor::User(olga)))?;
    /// let [change] = preview.access.as_slice() else { unreachable!("Olga sees it anyhow") };
    /// assert_eq!((change.who, change.extent.on), (Actor::User(eva), On::Resource(pilot.id)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn preview_share(
        &self,
        organization: OrgId,
        on: &Resource<'_>,
        command: impl Into<ShareCommand>,
        context: &Context<'_>,
    ) -> Result<SharePreview, TenantsError> {
        wait(self.inner.preview_share(organization, on, command, context))
    }
}
