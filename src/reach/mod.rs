//! WHO CAN REACH WHAT? The questions of [`access`](crate::access) from the other side: lists, and the review of a whole
//! organization.
//!
//! | question | answer |
//! | --- | --- |
//! | where can somebody go? | [`Organization::workspaces_of`](crate::Organization::workspaces_of) |
//! | who can do this here? | [`Organization::people_with`](crate::Organization::people_with), [`Organization::services_with`](crate::Organization::services_with) |
//! | what can somebody do here, through what? | [`Organization::holding`](crate::Organization::holding) |
//! | what can somebody do with this resource, through which share? | [`Organization::holding_on`](crate::Organization::holding_on), [`Tenants::holding_on`](crate::Tenants::holding_on) |
//! | what does a group or team reach? | [`Organization::reach_of`](crate::Organization::reach_of), [`Tenants::reach_of`](crate::Tenants::reach_of), where rules name it [`Organization::workspaces_ruled_for`](crate::Organization::workspaces_ruled_for) |
//! | who can do what, everywhere, and since when? | [`Organization::review`](crate::Organization::review) |
//! | what is shared with somebody? | [`Tenants::shared_with`](crate::Tenants::shared_with), over all organizations [`Tenants::shared_everywhere`](crate::Tenants::shared_everywhere) |
//! | to which organizations does somebody belong? | [`Tenants::belongings`](crate::Tenants::belongings), [`Tenants::switcher`](crate::Tenants::switcher) |
//!
//! Lists are exact: somebody is listed for a permission exactly when a [check](crate::Organization::check) does not deny it. A step
//! up is no denial, for it is about the session of whoever asks, and whoever reviews wants to know who could. Of the
//! [facts](crate::access::Facts) a list reads the time and the features; how somebody is signed in does not matter.
//!
//! Lists are pages in order of ids, and cost what they list (each says what else), not what the organization has. A
//! [cursor](Cursor) holds no state on this side: see [`Page`].
//!
//! Nobody is asked for permission here: who may see these lists says your catalog (the `agency` preset has
//! `access.review`), and a [check](crate::Organization::check) before.
//!
//! What is shared on single resources is kept beside the organization, in [sheets](crate::sharing::Sheet). A list of people goes by
//! roles, rows and rules, and each entry says its [sight](crate::catalog::Sight): whoever sees only what is shared can do what they are listed
//! for on that alone.

mod holding;
mod merge;
mod page;
mod people;
mod resource;
pub mod review;
mod ruled;
mod source;
mod workspaces;

pub use page::{Cursor, Page, Paging};
pub use people::Reaching;
pub use resource::{ResourceHolding, ShareSource};
pub use review::Review;
pub use ruled::{GroupReach, RoleReach, RuledWorkspace};
pub use source::{Holding, Relation, Source, Through};
pub use workspaces::{ReachedWorkspace, WorkspacePage};

use crate::access::Target;
use crate::change::Place;

const fn target(place: Place) -> Target<'static> {
    match place {
        Place::Organization => Target::Organization,
        Place::Workspace(workspace) => Target::Workspace(workspace),
    }
}
