//! Words: what stands in columns of which the values are few.

use alloc::borrow::Cow;

use crate::catalog::Reach;
use crate::ledger::Class;
use crate::organization::{Disposition, InvitationState, Kind, PersonStatus, Standing, Status};

/// A word of a few, such as `member` or `past_due`: lower case, joined by `_`; the same as in other data.
pub type Word = Cow<'static, str>;

pub(super) const fn kind(kind: Kind) -> Word {
    Cow::Borrowed(match kind {
        Kind::Personal => "personal",
        Kind::Team => "team",
    })
}

pub(super) const fn status(status: Status) -> Word {
    Cow::Borrowed(match status {
        Status::Active => "active",
        Status::PastDue => "past_due",
        Status::Suspended => "suspended",
        Status::Archived => "archived",
    })
}

pub(super) const fn disposition(disposition: Disposition) -> Word {
    Cow::Borrowed(match disposition {
        Disposition::Delete => "delete",
        Disposition::TransferTo(_) => "transfer_to",
        Disposition::Export => "export",
    })
}

pub(super) const fn standing(standing: Standing) -> Word {
    Cow::Borrowed(match standing {
        Standing::Member(_) => "member",
        Standing::Collaborator => "collaborator",
    })
}

pub(super) const fn person_status(status: PersonStatus) -> Word {
    Cow::Borrowed(match status {
        PersonStatus::Active => "active",
        PersonStatus::Suspended => "suspended",
    })
}

pub(super) const fn reach(reach: Reach) -> Word {
    Cow::Borrowed(match reach {
        Reach::All => "all",
        Reach::Assigned => "assigned",
        Reach::None => "none",
    })
}

pub(super) const fn invitation(state: InvitationState) -> Word {
    Cow::Borrowed(match state {
        InvitationState::Open => "open",
        InvitationState::Accepted => "accepted",
        InvitationState::Declined => "declined",
        InvitationState::Revoked => "revoked",
        InvitationState::Superseded => "superseded",
        InvitationState::Expired => "expired",
    })
}

pub(super) const fn class(class: Class) -> Word {
    Cow::Borrowed(match class {
        Class::Promotional => "promotional",
        Class::Allocation => "allocation",
        Class::Rollover => "rollover",
        Class::Purchased => "purchased",
        Class::Adjustment => "adjustment",
    })
}
