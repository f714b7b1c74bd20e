//! Finding: where keys lead.

use std::vec::Vec;

use super::PostgresStore;
use super::wire::{self, Bits, column, columns_of_place, place_of};
use crate::id::OrgId;
use crate::store::json::text_of;
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
}
