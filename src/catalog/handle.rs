//! Handles: positions in one catalog, looked up once by key. What travels behind the door instead of names.

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// # Shape
        /// One byte. Meaningful only with the catalog that gave it out, or with one made from the same definitions.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(u8);

        impl $name {
            pub(crate) const fn from_index(index: u8) -> Self {
                Self(index)
            }

            /// The position in the catalog: what crosses a language boundary.
            #[inline]
            #[must_use]
            pub const fn index(self) -> u8 {
                self.0
            }
        }
    )+};
}

handles! {
    /// A handle for one permission.
    Permission;
    /// A handle for one role: of the catalog, or (from [`ROLES_MAX`](crate::limits::ROLES_MAX) on) custom to one organization.
    Role;
    /// A handle for one system group.
    Group;
    /// A handle for one plan.
    Plan;
    /// A handle for one feature that plans may have.
    Feature;
    /// A handle for one identity provider that plans may require.
    Provider;
}
