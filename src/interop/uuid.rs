//! Ids as UUIDs.

use ::uuid::Uuid;

use super::each_id;
use crate::id::{
    CommandId, HoldId, IdError, InvitationId, LinkId, OrgId, ResourceId, ServiceId, ShareId, TeamId, UserId,
    WorkspaceId,
};

macro_rules! uuids {
    ($($name:ident)+) => {$(
        /// The same bits.
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                Self::from_u128(id.as_u128())
            }
        }

        /// The same bits, which are not all zero: [`IdError::Zero`] for the nil UUID.
        impl TryFrom<Uuid> for $name {
            type Error = IdError;

            fn try_from(uuid: Uuid) -> Result<Self, IdError> {
                Self::from_u128(uuid.as_u128()).ok_or(IdError::Zero)
            }
        }
    )+};
}

each_id! { uuids }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_uuids_are_the_same_bits_and_nil_is_nobody() {
        let uuid = Uuid::from_u128(0x0190_f3c1_7a2b_7c3d_8e4f_5a6b_7c8d_9e0f);
        let user = UserId::try_from(uuid).unwrap();
        assert_eq!(Uuid::from(user), uuid);
        assert_eq!(alloc::string::ToString::to_string(&user), alloc::string::ToString::to_string(&uuid));
        assert_eq!(OrgId::try_from(Uuid::nil()), Err(IdError::Zero));
    }
}
