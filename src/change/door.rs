//! The doors through which somebody can be given something. Authority is asked at each of them by its name.

/// A door. In tests one of them can be left open, and the suite must notice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Door {
    /// An invitation is sent.
    Invite,
    /// What an invitation promises is changed.
    EditInvitation,
    /// An invitation is accepted.
    Accept,
    /// Somebody is made a member or collaborator without being asked.
    Add,
    /// A member gets other roles.
    ChangeRoles,
    /// A membership ends and some access stays.
    KeepAccess,
    /// Access to a workspace is given or changed.
    GiveAccess,
    /// Access to a workspace is taken, and with it what it took away.
    TakeAccess,
    /// A group or team gets a rule.
    SetRule,
    /// Somebody joins or leaves a team, or a team is dissolved.
    Team,
    /// A custom role is made, changed or replaced.
    CustomRole,
    /// A key is made, changed or adopted.
    Service,
    /// Ownership changes hands.
    Transfer,
    /// People of a domain get roles by themselves.
    Domain,
    /// A directory gets roles that it may give.
    Directory,
    /// Somebody is suspended, reactivated or removed.
    Touch,
}

#[cfg(test)]
impl Door {
    /// Every door.
    pub(crate) const ALL: &'static [Self] = &[
        Self::Invite,
        Self::EditInvitation,
        Self::Accept,
        Self::Add,
        Self::ChangeRoles,
        Self::KeepAccess,
        Self::GiveAccess,
        Self::TakeAccess,
        Self::SetRule,
        Self::Team,
        Self::CustomRole,
        Self::Service,
        Self::Transfer,
        Self::Domain,
        Self::Directory,
        Self::Touch,
    ];
}

#[cfg(test)]
std::thread_local! {
    static OPEN: core::cell::Cell<Option<Door>> = const { core::cell::Cell::new(None) };
}

/// Leaves a door open for the rest of the thread; a hole for the suite to find.
#[cfg(test)]
pub(crate) fn leave_open(door: Option<Door>) {
    OPEN.set(door);
}

impl Door {
    /// Whether nobody watches this door. Nobody can open one outside the crate's own tests.
    #[cfg(test)]
    pub(super) fn is_open(self) -> bool {
        OPEN.get() == Some(self)
    }

    /// Whether nobody watches this door. Nobody can open one outside the crate's own tests.
    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "in tests it matters which")]
    pub(super) const fn is_open(self) -> bool {
        false
    }
}
