//! Binding: an application's own enum of permissions, checked by the compiler, joined to a catalog at start-up.
//!
//! A misspelt variant does not compile; an enum and a catalog that differ do not start. Behind the binding there are
//! only handles, so nothing is looked up by text while serving.

use alloc::string::String;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops::Index;

use super::{Catalog, Permission, Scope};
use crate::document::nearest;

/// An enum of permissions, made by [`permissions!`](crate::permissions).
pub trait PermissionEnum: Copy + 'static {
    /// Every variant, its key and its scope, in the order of the variants.
    const ALL: &'static [(Self, &'static str, Scope)];

    /// The position of the variant in [`ALL`](Self::ALL).
    fn position(self) -> usize;
}

/// One way in which an enum and a catalog differ.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BindError {
    /// The catalog has no such permission.
    #[error("the catalog has no permission `{key}`{}", near(.meant))]
    Unknown {
        /// The key in the enum.
        key: &'static str,
        /// The near miss in the catalog.
        meant: Option<String>,
    },
    /// The catalog has it in another scope.
    #[error("permission `{key}` is of {expected:?} scope in the enum and of {found:?} scope in the catalog")]
    Scope {
        /// The key.
        key: &'static str,
        /// The scope in the enum.
        expected: Scope,
        /// The scope in the catalog.
        found: Scope,
    },
}

fn near(meant: &Option<String>) -> String {
    meant.as_ref().map(|meant| alloc::format!("; did you mean `{meant}`?")).unwrap_or_default()
}

/// An enum of permissions bound to a catalog: indexed by a variant, it gives the handle.
///
/// # Shape
/// One byte for each variant. Several enums (of several parts of an application) may be bound to one catalog.
#[derive(Clone, Debug)]
pub struct Bound<P> {
    handles: Vec<Permission>,
    variants: PhantomData<fn(P)>,
}

impl Catalog {
    /// Binds an application's enum of permissions to this catalog. Permissions of the catalog that the enum does not
    /// name are fine: they may belong to another part of the application.
    ///
    /// # Errors
    /// Every [`BindError`], in the order of the variants.
    ///
    /// # Examples
    /// See [`permissions!`](crate::permissions).
    pub fn bind<P: PermissionEnum>(&self) -> Result<Bound<P>, Vec<BindError>> {
        let mut handles = Vec::with_capacity(P::ALL.len());
        let mut errors = Vec::new();
        for (_, key, expected) in P::ALL {
            let Some(handle) = self.permission(key) else {
                let known = self.permissions().map(|(_, def)| def.key.as_str());
                errors.push(BindError::Unknown { key, meant: nearest(key, known).map(Into::into) });
                continue;
            };
            match self.permission_def(handle).map(|def| def.scope) {
                Some(found) if found != *expected => {
                    errors.push(BindError::Scope { key, expected: *expected, found });
                }
                _ => handles.push(handle),
            }
        }
        if errors.is_empty() { Ok(Bound { handles, variants: PhantomData }) } else { Err(errors) }
    }
}

impl<P: PermissionEnum> Index<P> for Bound<P> {
    type Output = Permission;

    #[expect(clippy::indexing_slicing, reason = "binding filled one handle for each variant")]
    fn index(&self, variant: P) -> &Permission {
        &self.handles[variant.position()]
    }
}

/// Makes an enum of permissions that is bound to a catalog at start-up.
///
/// # Examples
/// ```
/// use bailiwick::catalog::Catalog;
///
/// bailiwick::permissions! {
///     /// What our backend asks about.
///     pub enum Perm {
///         /// Change the plan, the card, the invoices.
///         ChangePlan = "subscription.change" in Organization;
///         /// Run an operation with an agent.
///         RunOperations = "operation.run" in Workspace;
///     }
/// }
///
/// let catalog: Catalog = toml::from_str(bailiwick::presets::CLOUD)?;
/// let perm = catalog.bind::<Perm>().expect("the enum and the catalog agree");
/// assert_eq!(catalog.permission("operation.run"), Some(perm[Perm::RunOperations]));
/// # Ok::<(), toml::de::Error>(())
/// ```
///
/// A key that the catalog does not have, or has in another scope, is an error at start-up:
///
/// ```
/// # use bailiwick::catalog::Catalog;
/// bailiwick::permissions! {
///     enum Perm {
///         RunOperations = "operations.run" in Workspace;
///         ChangePlan = "subscription.change" in Workspace;
///     }
/// }
///
/// let catalog: Catalog = toml::from_str(bailiwick::presets::CLOUD)?;
/// let errors: Vec<_> = catalog.bind::<Perm>().unwrap_err().iter().map(ToString::to_string).collect();
/// assert_eq!(errors, [
///     "the catalog has no permission `operations.run`; did you mean `operation.run`?",
///     "permission `subscription.change` is of Workspace scope in the enum and of Organization scope in the catalog",
/// ]);
/// # let _ = (Perm::RunOperations, Perm::ChangePlan);
/// # Ok::<(), toml::de::Error>(())
/// ```
#[macro_export]
macro_rules! permissions {
    (
        $(#[$doc:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_doc:meta])* $variant:ident = $key:literal in $scope:ident;)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        $visibility enum $name {
            $($(#[$variant_doc])* $variant,)+
        }

        impl $crate::catalog::PermissionEnum for $name {
            const ALL: &'static [(Self, &'static str, $crate::catalog::Scope)] =
                &[$((Self::$variant, $key, $crate::catalog::Scope::$scope),)+];

            fn position(self) -> usize {
                self as usize
            }
        }
    };
}
