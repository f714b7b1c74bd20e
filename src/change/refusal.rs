//! Refusals: a business "no" as data, with the facts to phrase it better than we do.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::access::{DenyReason, Requirement};
use crate::catalog::{Action, Role};
use crate::codes::codes;
use crate::id::InvitationId;
use crate::organization::{Excess, InvitationState, Seats, Status};

codes! {
    /// Why a command is not carried out. Nothing has changed.
    ///
    /// # Shape
    /// The code and the number of a refusal never change; refusals are only added. The facts in it are about the
    /// organization that the actor asked, never about another one.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub enum Refusal, self: &Self;

    /// There is no such organization, or the actor has nothing to do with it; outwardly the same.
    NotFound = 100, "not_found", "there is no such organization";
    /// The actor may not.
    Denied {
        /// What was asked for.
        action: Action,
        /// Why not.
        reason: DenyReason,
    } = 101, "denied", "not allowed to `{}`: {reason}" (action.as_str());
    /// The actor may, once this has been shown.
    StepUp {
        /// What is missing.
        requirement: Requirement,
    } = 102, "step_up", "first {requirement}";
    /// Only the platform does this.
    PlatformOnly = 103, "platform_only", "only the platform does this";
    /// This needs a user who is signed in.
    UserOnly = 104, "user_only", "only a signed-in user can do this";

    /// No such member or collaborator.
    UnknownPerson = 110, "unknown_person", "there is no such person in this organization";
    /// No such workspace.
    UnknownWorkspace = 111, "unknown_workspace", "there is no such workspace in this organization";
    /// No such invitation, or not with this secret.
    UnknownInvitation = 112, "unknown_invitation", "there is no such invitation";
    /// No such team.
    UnknownTeam = 113, "unknown_team", "there is no such team in this organization";
    /// The catalog has no such role.
    UnknownRole {
        /// What was named.
        key: String,
        /// The near miss.
        meant: Option<String>,
    } = 114, "unknown_role", "there is no role `{key}`{}" (near(meant));
    /// The catalog has no such permission.
    UnknownPermission {
        /// What was named.
        key: String,
        /// The near miss.
        meant: Option<String>,
    } = 115, "unknown_permission", "there is no permission `{key}`{}" (near(meant));
    /// The catalog has no such system group.
    UnknownGroup {
        /// What was named.
        key: String,
        /// The near miss.
        meant: Option<String>,
    } = 116, "unknown_group", "there is no system group `{key}`{}" (near(meant));
    /// The catalog has no such plan.
    UnknownPlan {
        /// What was named.
        key: String,
        /// The near miss.
        meant: Option<String>,
    } = 117, "unknown_plan", "there is no plan `{key}`{}" (near(meant));
    /// The catalog has no such identity provider.
    UnknownProvider {
        /// What was named.
        key: String,
        /// The near miss.
        meant: Option<String>,
    } = 118, "unknown_provider", "there is no identity provider `{key}`{}" (near(meant));
    /// The organization has not set this domain.
    UnknownDomain = 119, "unknown_domain", "the organization has no such domain";

    /// The id, or what it stands for, is there already.
    AlreadyExists = 120, "already_exists", "it exists already";
    /// The user is a member already, suspended or not.
    AlreadyMember = 121, "already_member", "the user belongs to the organization already";
    /// The address has an open invitation.
    AlreadyInvited {
        /// The open one.
        invitation: InvitationId,
    } = 122, "already_invited", "the address has an open invitation already";
    /// The invitation is not open any more.
    InvitationClosed {
        /// What became of it.
        state: InvitationState,
    } = 123, "invitation_closed", "the invitation is {state}";
    /// Another address was invited.
    AddressMismatch = 124, "address_mismatch", "the invitation is for another address";
    /// The address is the right one, and nobody has verified it.
    AddressUnverified = 125, "address_unverified", "the address is not verified";
    /// Whoever invited could not give that any more.
    InviterLacksAuthority = 126, "inviter_lacks_authority", "whoever sent the invitation could not give that any more";
    /// The person is suspended already.
    AlreadySuspended = 127, "already_suspended", "the person is suspended already";
    /// The person is not suspended.
    NotSuspended = 128, "not_suspended", "the person is not suspended";
    /// The person is a collaborator.
    NotAMember = 129, "not_a_member", "the person is a collaborator, not a member";
    /// There is nothing to take.
    NoRow = 130, "no_row", "there is nothing to take away";
    /// It is so already.
    NoChange = 131, "no_change", "nothing would change";
    /// The person is suspended.
    PersonSuspended = 132, "person_suspended", "the person is suspended";
    /// Ownership is not on offer.
    NoOffer = 133, "no_offer", "ownership is not on offer";

    /// A member has at least one role, and an invitation promises something.
    NoRoles = 140, "no_roles", "name at least one role";
    /// More roles than the policy allows.
    TooManyRoles {
        /// How many it allows.
        max: u8,
    } = 141, "too_many_roles", "a member has at most {max} roles";
    /// More than one command may name, or a thing may have.
    TooManyItems {
        /// The bound.
        max: usize,
    } = 142, "too_many_items", "at most {max}";
    /// A permission that exists only at organization level, in a workspace.
    WrongScope {
        /// The permission.
        key: String,
    } = 143, "wrong_scope", "`{key}` exists only at organization level and cannot be changed in a workspace";
    /// The policy does not allow this kind of override, or the member's role cannot be reduced.
    OverrideNotAllowed = 144, "override_not_allowed", "this override is not allowed here";
    /// The end lies in the past.
    Ended = 145, "ended", "it would have ended already";
    /// The name cannot be used.
    BadName {
        /// Why.
        error: crate::text::TextError,
    } = 146, "bad_name", "the name cannot be used: {error}";
    /// Another organization has the name.
    NameTaken = 147, "name_taken", "another organization has this name";
    /// The text is too long.
    TooLong {
        /// How many bytes it may have.
        max: usize,
    } = 148, "too_long", "at most {max} bytes";
    /// The key cannot be used.
    BadKey {
        /// Why.
        flaw: String,
    } = 149, "bad_key", "the key cannot be used: {flaw}";

    /// One cannot change one's own access.
    OwnAccess = 150, "own_access", "nobody changes their own access";
    /// The person outranks the actor.
    Outranked = 151, "outranked", "the person outranks whoever asks";
    /// The role cannot be given by this actor, or by nobody.
    NotAssignable {
        /// The role.
        role: Role,
        /// Its key.
        key: String,
    } = 152, "not_assignable", "role `{key}` cannot be given by whoever asks";
    /// Only an owner makes an owner.
    OwnersOnly = 153, "owners_only", "only an owner makes an owner";
    /// The actor would give what the actor does not hold there.
    LacksPermission {
        /// The first such permission.
        key: String,
    } = 154, "lacks_permission", "nobody gives what they do not hold: `{key}`";
    /// The last active owner stays.
    LastOwner = 155, "last_owner", "the organization would be left without an active owner";
    /// The actor would let somebody see more resources than the actor sees there.
    WiderSight = 156, "wider_sight", "nobody lets others see more resources than they see";
    /// The service is somebody else's.
    NotSponsor = 157, "not_sponsor", "only the sponsor of a service changes it";
    /// The service has a sponsor.
    HasSponsor = 158, "has_sponsor", "the service has a sponsor";
    /// The role is in use, and nothing was named instead.
    RoleInUse {
        /// People who have it, in the organization or in a workspace.
        people: usize,
        /// Open invitations that promise it.
        invitations: usize,
    } = 159, "role_in_use", "{people} people have the role and {invitations} open invitations promise it; name another one instead";

    /// Every seat is taken.
    SeatLimit {
        /// Seats bought.
        limit: Seats,
        /// Seats taken.
        used: Seats,
    } = 160, "seat_limit", "all seats are taken: {used} of {limit}";
    /// The plan charges more seats than that.
    SeatsBelowMinimum {
        /// The least.
        minimum: Seats,
    } = 161, "seats_below_minimum", "the plan begins with {minimum} seats";
    /// The plan has a limit.
    LimitReached {
        /// On what.
        limit: String,
        /// How many.
        max: u64,
        /// How many there are.
        used: u64,
    } = 162, "limit_reached", "the plan allows {max} {limit}, and there are {used}";
    /// Team organizations are not for this plan.
    PlanWithoutTeams = 163, "plan_without_teams", "team organizations cannot be created on this plan";
    /// The user owns as many as the policy allows.
    TooManyOrganizations {
        /// How many it allows.
        max: u32,
    } = 164, "too_many_organizations", "a user owns at most {max} organizations";
    /// The plan does not count seats.
    SeatsNotCounted = 165, "seats_not_counted", "the plan does not count seats";
    /// A change of plan is scheduled, with seats of its own.
    PlanChangeScheduled = 166, "plan_change_scheduled", "a change of plan is scheduled; take it back first";
    /// More seats are in use than would be left.
    SeatsInUse {
        /// Seats that would be left.
        seats: Seats,
        /// Seats taken.
        used: Seats,
    } = 167, "seats_in_use", "{used} seats are in use, and {seats} would be left";
    /// What there is exceeds the plan.
    PlanDoesNotFit {
        /// Every limit that is exceeded.
        excess: Vec<Excess>,
    } = 168, "plan_does_not_fit", "the plan is too small: {}" (listed(excess));

    /// A personal organization is for one.
    PersonalOrganization = 170, "personal_organization", "a personal organization is for one person";
    /// The catalog has no personal organizations.
    NoPersonalOrganizations = 171, "no_personal_organizations", "there are no personal organizations here";
    /// The catalog has no workspaces.
    NoWorkspaces = 172, "no_workspaces", "organizations have no workspaces here";
    /// The policy has no collaborators.
    CollaboratorsOff = 173, "collaborators_off", "people from outside cannot work here";
    /// The command must say what becomes of the content.
    ContentUnsaid = 174, "content_unsaid", "say what becomes of the person's content";
    /// The content cannot go there.
    BadRecipient = 175, "bad_recipient", "the content cannot go there: name another active member, or another organization of one's own";
    /// Nobody joins while the organization is not in good standing.
    OrganizationClosed {
        /// What it is instead.
        status: Status,
    } = 176, "organization_closed", "nobody can join: the organization is {status}";
    /// One of several is refused, and so are all.
    BatchRefused {
        /// Which, counted from zero.
        item: usize,
        /// Why.
        refusal: Box<Refusal>,
    } = 177, "batch_refused", "number {item}: {refusal}";
    /// The policy asks for a new secret.
    SecretMissing = 178, "secret_missing", "a new secret is needed";
    /// The person's credits are switched off; [`Organization::spender`](crate::Organization::spender) says it.
    CreditsOff = 179, "credits_off", "credits are switched off for the person";
    /// No such service.
    UnknownService = 180, "unknown_service", "there is no such service in this organization";
    /// No such share, or not for whoever asks.
    UnknownShare = 181, "unknown_share", "there is no such share";
    /// A share that gives nothing.
    EmptyLevel = 182, "empty_level", "name at least one permission";
    /// Only permissions of resource scope are given by shares.
    NotShareable {
        /// What was named.
        key: String,
    } = 183, "not_shareable", "`{key}` is not given by shares";
    /// The link was followed as often as it could be.
    LinkUsedUp = 184, "link_used_up", "the link was used as often as it can be";
    /// Somebody else has given a command under this id.
    CommandReused = 185, "command_reused", "another command was given under this id";
}

impl core::error::Error for Refusal {}

fn listed(excess: &[Excess]) -> String {
    let words: Vec<String> = excess.iter().map(ToString::to_string).collect();
    words.join(", ")
}

fn near(meant: &Option<String>) -> String {
    meant.as_ref().map(|meant| alloc::format!("; did you mean `{meant}`?")).unwrap_or_default()
}
