//! Columns: what a table has for each fact, and what stands in one.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Word;
use crate::catalog::{GroupKey, PermissionKey, PlanKey, RoleKey};
use crate::id::{InvitationId, OrgId, ResourceId, ServiceId, ShareId, TeamId, UserId, WorkspaceId};
use crate::label::Label;
use crate::ledger::LotId;
use crate::organization::Domain;
use crate::text::Name;
use crate::time::Timestamp;
use crate::version::Version;

/// One column of a table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Column {
    /// Its name: lower-case words joined by `_`, and no reserved word of SQL.
    pub name: &'static str,
    /// What stands in it.
    pub holds: ColumnType,
    /// Whether it can be empty.
    pub nullable: bool,
}

/// What stands in a column. Exhaustive on purpose: a store writes each of them.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ColumnType {
    /// A text: an id as a lower-case UUID, a key, a word, a name.
    Text,
    /// A number of 0 to 2⁶³ − 1: an amount, a version, an instant in milliseconds since the Unix epoch.
    Integer,
    /// Yes or no.
    Boolean,
    /// Texts in an order that means nothing, for a column of JSON.
    List,
}

/// What stands in one column of one row. Exhaustive on purpose: a store binds each of them.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Value {
    /// Nothing.
    Null,
    /// A text.
    Text(String),
    /// A number; one that is greater than SQL has is the greatest that it has.
    Integer(i64),
    /// Yes or no.
    Boolean(bool),
    /// Texts.
    List(Vec<String>),
}

/// What a field of a row is as a column.
pub(super) trait Field {
    const HOLDS: ColumnType;
    const NULLABLE: bool = false;

    fn value(&self) -> Value;
}

macro_rules! texts {
    ($($name:ty),+) => {$(
        impl Field for $name {
            const HOLDS: ColumnType = ColumnType::Text;

            fn value(&self) -> Value {
                Value::Text(self.to_string())
            }
        }
    )+};
}

texts!(OrgId, UserId, WorkspaceId, TeamId, InvitationId, ServiceId, ResourceId, ShareId);
texts!(PermissionKey, RoleKey, GroupKey, PlanKey, Domain, Label, String, Word);

impl Field for Name {
    const HOLDS: ColumnType = ColumnType::Text;

    fn value(&self) -> Value {
        Value::Text(self.as_str().to_string())
    }
}

impl Field for u64 {
    const HOLDS: ColumnType = ColumnType::Integer;

    fn value(&self) -> Value {
        Value::Integer(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

macro_rules! integers {
    ($($name:ty: $number:ident),+) => {$(
        impl Field for $name {
            const HOLDS: ColumnType = ColumnType::Integer;

            fn value(&self) -> Value {
                self.$number().value()
            }
        }
    )+};
}

integers!(Timestamp: as_millis, Version: as_u64, LotId: as_u64);

impl Field for bool {
    const HOLDS: ColumnType = ColumnType::Boolean;

    fn value(&self) -> Value {
        Value::Boolean(*self)
    }
}

impl<T: ToString> Field for Vec<T> {
    const HOLDS: ColumnType = ColumnType::List;

    fn value(&self) -> Value {
        Value::List(self.iter().map(ToString::to_string).collect())
    }
}

impl<T: Field> Field for Option<T> {
    const HOLDS: ColumnType = T::HOLDS;
    const NULLABLE: bool = true;

    fn value(&self) -> Value {
        self.as_ref().map_or(Value::Null, Field::value)
    }
}
