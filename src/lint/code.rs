//! The codes of findings, each with what is so and what to do about it.

macro_rules! lints {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $code:literal, $says:literal, $advice:literal;)+) => {
        /// What was found.
        ///
        /// # Shape
        /// The code and the number never change; lints are only added.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum Lint {
            $($(#[$doc])* $name,)+
        }

        impl Lint {
            /// Every lint, those of catalogs first.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Every code with its number.
            pub const CODES: &'static [(u16, &'static str)] = &[$(($number, $code),)+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// The stable number, for languages without texts.
            #[must_use]
            pub const fn number(self) -> u16 {
                match self {
                    $(Self::$name => $number,)+
                }
            }

            /// What is so.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self {
                    $(Self::$name => $says,)+
                }
            }

            /// What to do.
            #[must_use]
            pub const fn advice(self) -> &'static str {
                match self {
                    $(Self::$name => $advice,)+
                }
            }
        }
    };
}

lints! {
    /// A permission that no role holds.
    UnheldPermission = 500, "unheld_permission", "no role holds it", "give it to a role, or drop it";
    /// An action that no permission guards, though the catalog has what it is about.
    UnguardedAction = 501, "unguarded_action", "only the platform can do it", "let a permission guard it, or leave it to the platform on purpose";
    /// An action whose guard nobody can come to hold where it is asked for.
    IdleAction = 502, "idle_action", "nobody can do it", "give its guard to a role that carries it there";
    /// A role whose workspace permissions carry into no workspace.
    UncarriedPermissions = 503, "uncarried_permissions", "what it holds in workspaces counts nowhere", "let it reach workspaces, or take these permissions out of it";
    /// A role that nobody who can come to be in an organization can give.
    UnassignableRole = 504, "unassignable_role", "nobody can give it", "guard inviting or changing roles, let somebody hold all that it holds, or drop it";
    /// A role that can be given, and nobody can take it away again.
    IrrevocableRole = 505, "irrevocable_role", "it can be given, and nobody can take it away", "let somebody whom it does not outrank remove people or change roles";
    /// A role that brings people in while no role removes anybody.
    InvitesWithoutRemoving = 506, "invites_without_removing", "it brings people in, and nobody can remove them", "guard `remove_member`, and give the permission to a role";
    /// A system group of roles that nobody can come to have.
    IdleGroup = 507, "idle_group", "nobody can come to be in it", "let its roles be given, or drop it";
    /// A plan that no organization can be on.
    UnusedPlan = 508, "unused_plan", "no organization can be on it", "let team organizations be on it, or drop it";
    /// A feature that no plan has.
    UnplannedFeature = 509, "unplanned_feature", "no plan has it", "give it to a plan, or have the application switch it on";
    /// A feature that no permission needs.
    UnneededFeature = 510, "unneeded_feature", "no permission needs it", "let a permission need it, or have the application ask for it";
    /// Something that counts only with overrides, while the policy has none.
    OverridesOff = 511, "overrides_off", "it counts only with overrides, and the policy has none", "allow overrides, or take it out";
    /// Something that widens who may give what to whom.
    WiderAuthority = 512, "wider_authority", "it widens who may give what", "keep it only where a requirement asks for it";
    /// An option that is less safe than the usual one.
    WeakerDefault = 513, "weaker_default", "it is less safe than usual", "keep it only where a requirement asks for it";

    /// One active owner, where there can be several and others are there.
    SingleOwner = 540, "single_owner", "there is one active owner", "make a second one, or nobody is left when that one cannot be reached";
    /// A row that changes nothing.
    IdleRow = 541, "idle_row", "it changes nothing", "take it";
    /// A row whose end has come.
    EndedRow = 542, "ended_row", "it has ended", "take it, or give it again";
    /// A row that names a role which gives nothing in workspaces, or which the policy passes over.
    IdleRowRole = 543, "idle_row_role", "the role in it gives nothing there", "name another role, or none";
    /// A collaborator who works in nothing but archived workspaces.
    ArchivedCollaborator = 544, "archived_collaborator", "all of the collaborator's workspaces are archived", "remove them";
    /// An invitation that has been open for long.
    WaitingInvitation = 545, "waiting_invitation", "it has been open for long", "ask whoever sent it, or revoke it";
    /// An invitation that ran out, and nobody has asked again.
    ExpiredInvitation = 546, "expired_invitation", "it ran out", "invite again, which takes its place, or let it rest";
    /// Somebody who has been suspended for long.
    LongSuspension = 547, "long_suspension", "suspended for long", "reactivate or remove them";
    /// A service without a sponsor.
    OrphanedService = 548, "orphaned_service", "it has no sponsor and can do nothing", "adopt it, or end it";
    /// A service whose end has come.
    EndedService = 549, "ended_service", "it has ended", "end it for good, or let its sponsor give it another end";
    /// A rule about nobody.
    IdleRule = 550, "idle_rule", "it is about nobody", "take it away, or put people into the group or team";
    /// A rule whose end has come.
    EndedRule = 551, "ended_rule", "it has ended", "take it away, or set it again";
    /// A team without people.
    EmptyTeam = 552, "empty_team", "nobody is in it", "dissolve it, or put people into it";
    /// A custom role that nobody has or is promised.
    UnusedRole = 553, "unused_role", "nobody has it, and nobody is promised it", "delete it";
    /// A custom role that is the same as another one.
    EqualRole = 554, "equal_role", "another role is the same", "delete it with the other one in its place";
    /// More of something than the plan allows.
    OverPlan = 555, "over_plan", "there is more than the plan allows", "move to a bigger plan, or tidy up: nothing is added until it fits";
    /// A share that has ended.
    EndedShare = 556, "ended_share", "it has ended", "close it, or let it end later";
    /// A share with somebody who is there no more: the membership is over, the group or team is gone.
    LostShare = 557, "lost_share", "whom it was for is gone", "close it";
    /// A share that gives nothing: the catalog knows none of its permissions, or the member's roles allow none.
    IdleShare = 558, "idle_share", "it gives nothing", "close it, or let it give something";
    /// A share that nobody has taken for long.
    WaitingShare = 559, "waiting_share", "nobody has taken it", "close it, or ask whoever it is for";
    /// A permission of some role that nobody in this organization holds.
    UnheldHere = 560, "unheld_here", "nobody here holds it", "give somebody a role that holds it, or leave it to nobody on purpose";
    /// A rule that changes nothing for anybody whom it is about.
    IneffectiveRule = 561, "ineffective_rule", "it changes nothing for anybody", "take it away, or have it give or take something else";
    /// A custom role that nobody here can give.
    UngivableRole = 562, "ungivable_role", "nobody here can give it", "take out of it what nobody holds who gives roles, or delete it";
}
