//! What other crates of a backend call the same things. Each lies behind a feature of the crate's name, off by default.
//!
//! | feature | what | where |
//! | --- | --- | --- |
//! | `uuid` | every id from and to `uuid::Uuid` | `uuid` |
//! | `jiff` | instants and spans from and to those of `jiff` | `jiff` |
//! | `schemars` | a JSON schema for every value that stands in requests and answers | `schemars` |
//! | `tracing` | spans and events of what [`Tenants`](crate::Tenants) does | [beside it](crate::Tenants#what-is-told-to-tracing) |

#[cfg(feature = "jiff")]
mod jiff;
#[cfg(feature = "schemars")]
mod schemars;
#[cfg(feature = "uuid")]
mod uuid;

#[cfg(any(feature = "uuid", feature = "schemars"))]
macro_rules! each_id {
    ($with:ident) => {
        $with! {
            CommandId HoldId InvitationId LinkId OrgId ResourceId ServiceId ShareId TeamId UserId WorkspaceId
        }
    };
}
#[cfg(any(feature = "uuid", feature = "schemars"))]
use each_id;

#[cfg(all(test, feature = "json", any(feature = "uuid", feature = "schemars")))]
mod tests {
    use alloc::collections::BTreeSet;

    #[test]
    fn every_id_is_among_them() {
        macro_rules! names { ($($name:ident)+) => { [$(stringify!($name)),+] }; }
        let known = BTreeSet::from(each_id!(names));
        assert_eq!(known, crate::id::NAMES.iter().copied().collect());
    }
}
