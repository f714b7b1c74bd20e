//! Finding: where keys lead.

use std::string::String;
use std::vec::Vec;

use super::PostgresStore;
use super::wire::{self, Bits, column, columns_of_place, place_of};
use crate::id::OrgId;
use crate::store::json::{Unreadable, key_of, text_of};
use crate::store::{Key, Place, StoreError};

const CLAIMED: &str = "
    select organization, resource, item from @claim
    where key = $1::text and (organization, resource, item) > ($2::uuid, $3::uuid, $4::uuid)
        and organization = coalesce($5::uuid, organization)
    order by organization, resource, item limit $6::bigint";

const PLACED: &str = "
    select organization, resource, item from @place
    where key = $1::text and (organization, resource, item) > ($2::uuid, $3::uuid, $4::uuid)
    order by organization, resource, item limit $5::bigint";

const PLACED_WITHIN: &str = "
    select organization, resource, item from @place
    where key = $1::text and (organization, resource, item) > ($2::uuid, $3::uuid, $4::uuid)
        and organization = $5::uuid
    order by organization, resource, item limit $6::bigint";

const WITHIN: &str = "
    select organization, resource, item, key from @claim
    where organization = $1::uuid and (key, resource, item) > ($2::text collate \"C\", $3::uuid, $4::uuid)
    union all
    select organization, resource, item, key from @place
    where organization = $1::uuid and (key, resource, item) > ($2::text collate \"C\", $3::uuid, $4::uuid)
    order by key, resource, item limit $5::bigint";

impl PostgresStore {
    pub(super) async fn places_of(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError> {
        let (text, within, most) = (text_of(key), within.map(Bits::from), wire::limit(limit));
        let [organization, resource, item] = columns_of_place(after);
        let rows = match within {
            _ if key.is_unique() => {
                self.ask(CLAIMED, &[&text, &organization, &resource, &item, &within, &most]).await?
            }
            Some(within) => self.ask(PLACED_WITHIN, &[&text, &organization, &resource, &item, &within, &most]).await?,
            None => self.ask(PLACED, &[&text, &organization, &resource, &item, &most]).await?,
        };
        rows.iter().map(|row| place_of([column(row, 0)?, column(row, 1)?, column(row, 2)?])).collect()
    }

    /// Every key of an organization and where it leads, in the order of their texts.
    pub(super) async fn keys_within(
        &self,
        organization: OrgId,
        after: Option<&(Key, Place)>,
        limit: usize,
    ) -> Result<Vec<(Key, Place)>, StoreError> {
        let text = after.map(|(key, _)| text_of(key)).unwrap_or_default();
        let [_, resource, item] = columns_of_place(after.map(|(_, place)| *place));
        let (id, most) = (Bits::from(organization), wire::limit(limit));
        let rows = self.ask(WITHIN, &[&id, &text, &resource, &item, &most]).await?;
        let key = |row| {
            let text = column::<String>(row, 3)?;
            key_of(&text).ok_or_else(|| StoreError::from(Unreadable::Key { organization, text }))
        };
        let place = |row| place_of([column(row, 0)?, column(row, 1)?, column(row, 2)?]);
        rows.iter().map(|row| Ok((key(row)?, place(row)?))).collect()
    }
}
