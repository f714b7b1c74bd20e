//! Redacting, and looking for traces.

use std::vec::Vec;

use super::{Tenants, wait};
use crate::access::Facts;
use crate::redaction::{Redacted, Redaction, RedactionError, Trace};
use crate::store::{Store, StoreError};

impl<S: Store> Tenants<S> {
    /// Users with every address more that they have shown to be theirs: by taking a share that was given to it, and by accepting or declining an
    /// invitation, where the [policy](crate::catalog::policy::Binding) asks for a verified address. Keep it until nothing is left of them: once
    /// addresses are replaced they cannot be found again.
    ///
    /// # Shape
    /// Reads everything of every organization, page by page.
    ///
    /// # Errors
    /// As reading.
    pub fn learn_addresses(&self, users: Vec<Redaction>) -> Result<Vec<Redaction>, StoreError> {
        wait(self.inner.learn_addresses(users))
    }

    /// Forgets users who were [erased](Self::erase) before: in everything that the store keeps a stand-in has their place. See
    /// [`redaction`](crate::redaction) for what that means, and what it does not reach.
    ///
    /// # Shape
    /// Reads everything of every organization, page by page, however many users there are: gather them. Each page is replaced by itself; after
    /// trouble on the way, do it again.
    ///
    /// # Errors
    /// [`RedactionError`].
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// use bailiwick::access::Facts;
    /// use bailiwick::redaction::Redaction;
    /// # use bailiwick::change::SignUp;
    /// # use bailiwick::store::MemoryStore;
    /// # use bailiwick::{Actor, Address, Name, OrgId, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// # let tenants = Tenants::new(Arc::new(toml::from_str(bailiwick::presets::CLOUD)?), MemoryStore::new());
    /// # let ada = UserId::from_u64(1).unwrap();
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # tenants.sign_up(OrgId::from_u64(1).unwrap(), SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() }, &now.by(Actor::User(ada)))?;
    /// tenants.erase(ada, &now)?; // ada has closed her account, and was the owner of nothing else
    ///
    /// let nobody = UserId::from_u128(0x5f1d_07c3_9b42_4e88_a6d0_1c39_72ee_b0a4).unwrap(); // made at random, and kept nowhere
    /// let redaction = Redaction::new(ada, nobody).known_as(Address::new("ada@example.com")?);
    /// let users = tenants.learn_addresses(vec![redaction])?;
    /// assert!(tenants.redact(&users, &now)?.records > 0);
    /// assert_eq!(tenants.traces_of(&users)?, []); // nothing is left
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn redact(&self, users: &[Redaction], facts: &Facts<'_>) -> Result<Redacted, RedactionError> {
        wait(self.inner.redact(users, facts))
    }

    /// Where the store still names users, or leads to them: in records, snapshots, rows and keys, of every organization. Nothing, after they were
    /// [forgotten](Self::redact).
    ///
    /// # Shape
    /// Reads everything of every organization, page by page; finds what anybody wrote meanwhile.
    ///
    /// # Errors
    /// As reading.
    pub fn traces_of(&self, users: &[Redaction]) -> Result<Vec<Trace>, StoreError> {
        wait(self.inner.traces_of(users))
    }
}
