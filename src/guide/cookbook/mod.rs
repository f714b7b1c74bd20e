#![doc = include_str!("../cookbook.md")]

/// A page about a preset, whose catalog and matrix stand with the [presets](crate::presets).
macro_rules! presets {
    ($($name:ident)+) => {$(
        #[doc = include_str!(concat!(stringify!($name), ".md"))]
        pub mod $name {}
    )+};
}

/// A page with its catalog and its table, as they are run.
macro_rules! products {
    ($($name:ident)+) => {$(
        #[doc = include_str!(concat!(stringify!($name), ".md"))]
        ///
        /// # The catalog
        /// ```toml
        #[doc = include_str!(concat!(stringify!($name), ".toml"))]
        /// ```
        ///
        /// # The table
        /// ```text
        #[doc = include_str!(concat!(stringify!($name), ".txt"))]
        /// ```
        pub mod $name {}
    )+};
}

presets! { agency cloud production studio }
products! { code_hosting data_room design_files issue_tracker reseller team_chat }
