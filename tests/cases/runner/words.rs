//! The words of tables: what can be done, and what can be asked of the state. Each has a shape, from which the parser
//! knows how many arguments there are, and what they must name.
//!
//! ```text
//! PERSON WORKSPACE ORGANIZATION TEAM SERVICE RESOURCE     one that there is
//! +WORKSPACE +TEAM …                                      a new one
//! TEXT                                                    anything
//! TEXT?                                                   can be left out; a word of its own, such as `off?`, is a flag
//! PERSON* SIGN*                                           any number of them
//! role=                                                   an option; `in=WORKSPACE` names one that there is
//! WORKSPACE=                                              any number of `prod=developer,+key,-key` or `prod=own`
//! WORKSPACE=!                                             at least one
//! SCOPE SPOT                                              `user:ada,class:llm`, `workspace:design,kind:video`, `everything`
//! ```

/// The words of a shape that stand for something.
pub const KINDS: &[&str] = &[
    "TEXT",
    "PERSON",
    "ACTOR",
    "ORGANIZATION",
    "WORKSPACE",
    "TEAM",
    "SERVICE",
    "ROLE",
    "RESOURCE",
    "SHARE",
    "SIGN",
    "CONTENT",
    "HOLDER",
    "HOLD",
    "SCOPE",
    "SPOT",
];

/// What can be done.
pub const VERBS: &[(&str, &str)] = &[
    // The organization.
    ("sign-up", "+ORGANIZATION TEXT"),
    ("create-organization", "+ORGANIZATION TEXT plan= seats="),
    ("rename", "TEXT"),
    ("describe", "TEXT"),
    ("set-preference", "TEXT TEXT?"),
    ("status", "TEXT"),
    ("delete-organization", "content=CONTENT"),
    ("restore-organization", ""),
    // What it has bought.
    ("change-plan", "TEXT seats= at="),
    ("change-seats", "TEXT at="),
    ("own-key", "TEXT TEXT"),
    // Who comes in by themselves.
    ("require-provider", "TEXT?"),
    ("set-domain", "TEXT role="),
    ("confirm-domain", "TEXT"),
    ("drop-domain", "TEXT"),
    ("join-by-domain", "unverified? as="),
    ("set-provisioning", "off? role="),
    // Workspaces.
    ("create-workspace", "+WORKSPACE TEXT"),
    ("rename-workspace", "WORKSPACE TEXT"),
    ("archive-workspace", "WORKSPACE"),
    ("reopen-workspace", "WORKSPACE"),
    ("delete-workspace", "WORKSPACE"),
    // Invitations, each with the name of a person.
    ("invite", "PERSON role= as= until= WORKSPACE="),
    ("invite-many", "PERSON* role= until= WORKSPACE="),
    ("edit-invitation", "PERSON role= until= WORKSPACE="),
    ("resend", "PERSON secret="),
    ("revoke", "PERSON"),
    ("accept", "unverified? for=PERSON as= secret="),
    ("decline", "unverified? for=PERSON as= secret="),
    // People.
    ("add-member", "PERSON role= until= WORKSPACE="),
    ("add-collaborator", "PERSON until= WORKSPACE="),
    ("make-collaborator", "PERSON"),
    ("change-roles", "PERSON role="),
    ("suspend", "PERSON"),
    ("reactivate", "PERSON"),
    ("switch-credits", "PERSON TEXT"), // on, off, role
    ("remove", "PERSON content=CONTENT"),
    ("leave", "content=CONTENT"),
    ("erase", "PERSON"),
    ("erase-everywhere", "PERSON"),
    // Ownership.
    ("transfer-ownership", "PERSON from=PERSON"),
    ("accept-ownership", ""),
    ("cancel-transfer", ""),
    // Roles of the organization's own.
    ("create-role", "+ROLE TEXT like= reach= holds="),
    ("change-role", "ROLE TEXT like= reach= holds="),
    ("delete-role", "ROLE instead="),
    // Access to workspaces.
    ("give-access", "PERSON until= WORKSPACE=!"),
    ("take-access", "PERSON WORKSPACE"),
    ("set-rule", "WORKSPACE TEXT SIGN* until="),
    // Teams.
    ("create-team", "+TEAM TEXT"),
    ("rename-team", "TEAM TEXT"),
    ("dissolve-team", "TEAM"),
    ("join-team", "TEAM PERSON"),
    ("leave-team", "TEAM PERSON"),
    // Services and keys.
    ("create-service", "+SERVICE TEXT holds= in=WORKSPACE until="),
    ("change-service", "SERVICE holds= in=WORKSPACE until="),
    ("rotate-secret", "SERVICE"),
    ("end-service", "SERVICE"),
    ("adopt-service", "SERVICE"),
    // What is about the table itself.
    ("use", "ORGANIZATION"),
    ("wait", "TEXT"),
    ("at", "TEXT"),
    ("resource", "+RESOURCE in=WORKSPACE owner=PERSON inside="),
    ("share", "RESOURCE to=HOLDER level= until="),
    // Shares that are given by somebody; the secret of a link is its name.
    ("open", "+SHARE RESOURCE to=HOLDER level= until= uses="),
    ("change-share", "SHARE level= until="),
    ("close", "SHARE"),
    ("close-all", "RESOURCE"),
    ("follow", "TEXT secret="),
    ("claim", "unverified? as="),
    ("hand-over", "RESOURCE PERSON PERSON"),
];

/// What can be asked of the state, and what is answered. Times are lengths of time from now.
pub const SUBJECTS: &[&str] = &[
    // The organization: `-` where nothing was set.
    "name",
    "description",
    "preference TEXT",
    "kind",              // personal, team
    "status",            // active, past-due, suspended, archived; deleted
    "purge",             // when a deleted organization is gone for good
    "retention of TEXT", // when content of a kind is due in an archived one; never
    // What it has bought.
    "plan",
    "plan in TEXT",  // after so long
    "seats",         // 3 of 5
    "seats in TEXT", // how many there are after so long
    "charged seats",
    "excess on TEXT",                 // what is too much for a plan: "7 seats of 5"; none
    "excess on TEXT with TEXT seats", // the same, with so many seats
    "own keys",
    "allocation",         // credits each period
    "allocation in TEXT", // after so long
    "meter TEXT",         // how many, then where and what happens at it
    // Who comes in by themselves.
    "provider",
    "domain TEXT", // confirmed or unconfirmed, then roles
    "directory",   // the roles that it may give
    // How many there are.
    "members",
    "active members",
    "owners",
    "collaborators",
    "workspaces",
    "teams",
    "services",
    "open invitations",
    // People.
    "PERSON", // member, collaborator, suspended; stranger
    "roles of PERSON",
    "teams of PERSON",
    "organizations of PERSON",
    "credits of PERSON",                    // on, off, role
    "payer of ACTOR in WORKSPACE",          // pool, nobody; denied and why, or another refusal
    "payer of ACTOR in WORKSPACE for TEXT", // the same for a class of usage; own-key
    "offer",                                // to whom ownership is on offer
    // Invitations.
    "invitation of PERSON", // open, accepted, declined, revoked, superseded, expired
    "promise of PERSON",    // roles, then workspaces
    "inviter of PERSON",
    "end of PERSON",
    // Places, teams, roles, services: `gone` where there is none.
    "workspace WORKSPACE", // open, archived
    "name of WORKSPACE",
    "team TEAM",       // its name
    "role ROLE",       // of the organization's own: what it is like, then what it holds
    "service SERVICE", // its sponsor; nobody
    // The last step.
    "events",
    "effects",  // what the application has to do
    "left out", // of a batch: who, and why
];

/// Whether words can be read as a shape: its small words as they are, one word for each in capitals.
pub fn has_shape(words: &[String], shape: &str) -> bool {
    let parts: Vec<&str> = shape.split(' ').collect();
    let fits = |(word, part): (&String, &&str)| KINDS.contains(part) || word == *part;
    parts.len() == words.len() && words.iter().zip(&parts).all(fits)
}
