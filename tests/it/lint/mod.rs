//! What is legal and likely wrong: every code is made to appear, and sound things give no findings.

use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::catalog::Catalog;
use bailiwick::change::{Content, Event, Record};
use bailiwick::lint::{Finding, Lint};
use bailiwick::sharing::{Extent, Recipient, ShareEvent, ShareRecord, Sheet};
use bailiwick::{
    Actor, Address, InvitationId, Kind, Name, OrgId, Organization, Override, ResourceId, RuleFor, Seats, SecretHash,
    ServiceId, ShareId, Span, TeamId, Timestamp, UserId, Version, WorkspaceId,
};

use crate::cases;
use crate::support::worlds::for_any_world;

mod seen;

/// A catalog in which nothing is wrong.
const SOUND: &str = r#"
name = "sound"
permissions = [
    { key = "org.manage", scope = "organization", guards = ["edit_organization", "delete_organization", "transfer_ownership", "change_plan"] },
    { key = "people.manage", scope = "organization", guards = ["invite_member", "remove_member", "change_roles"] },
    { key = "place.manage", scope = "organization", guards = ["create_workspace", "edit_workspace", "delete_workspace"] },
    { key = "place.open", scope = "workspace", guards = ["change_access", "manage_collaborators", "change_rules"] },
    { key = "note.read", scope = "resource" },
    { key = "note.write", scope = "resource", feature = "writing" },
]
[[roles]]
key = "owner"
rank = 3
owner = true
reach = "all"
permissions = ["*"]
[[roles]]
key = "editor"
rank = 2
permissions = ["note.read", "note.write"]
[[roles]]
key = "reader"
rank = 1
permissions = ["note.read"]
[[groups]]
key = "readers"
roles = ["reader"]
[[plans]]
key = "free"
rank = 0
team_organizations = true
limits = [{ key = "members", max = 5 }]
[[plans]]
key = "paid"
rank = 1
team_organizations = true
features = ["writing"]
[policy]
own_role = "forbidden"
"#;

fn sound() -> Catalog {
    toml::from_str(SOUND).unwrap()
}

/// The sound catalog with changes: each text is there once, and another one takes its place.
fn but(changes: &[(&str, &str)]) -> Catalog {
    let changed = changes.iter().fold(SOUND.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "`{from}` is not there once");
        text.replace(from, to)
    });
    toml::from_str(&changed).unwrap_or_else(|error| panic!("{error}\n{changed}"))
}

fn policy(option: &str) -> Catalog {
    but(&[("own_role = \"forbidden\"", option)])
}

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

fn team() -> TeamId {
    TeamId::from_u64(1).unwrap()
}

fn service() -> ServiceId {
    ServiceId::from_u64(1).unwrap()
}

fn apply(org: &mut Organization, event: Event) {
    let record = Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event };
    org.apply(&record);
}

/// Two owners, an editor who works in the one workspace; a team of the editor's with a rule that says something.
fn peaceful() -> Organization {
    peaceful_in(sound())
}

fn peaceful_in(catalog: Catalog) -> Organization {
    let mut org = Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(catalog));
    let name = Name::new("Acme").unwrap();
    let (kind, roles) = (Kind::Team, vec!["owner".into()]);
    let plan = "paid".into();
    apply(
        &mut org,
        Event::OrganizationCreated { kind, name: name.clone(), plan, seats: Seats::new(0), owner: user(1), roles },
    );
    apply(&mut org, Event::WorkspaceCreated { workspace: workspace(1), name: name.clone() });
    apply(&mut org, joined(2, "owner"));
    apply(&mut org, joined(3, "editor"));
    apply(&mut org, given(3, Override::none()));
    apply(&mut org, Event::TeamCreated { team: team(), name });
    apply(&mut org, Event::TeamJoined { team: team(), user: user(3) });
    apply(&mut org, rule(RuleFor::Team(team()), None));
    org
}

fn joined(n: u64, role: &str) -> Event {
    Event::MemberJoined { user: user(n), roles: vec![role.into()], given_by: Actor::System }
}

fn given(n: u64, changes: Override) -> Event {
    Event::AccessGiven { user: user(n), workspace: workspace(1), changes, given_by: Actor::System }
}

fn rule(holder: RuleFor, until: Option<Timestamp>) -> Event {
    Event::RuleSet { workspace: workspace(1), holder, given: vec!["place.open".into()], taken: vec![], until }
}

fn rule_giving(holder: RuleFor, key: &str) -> Event {
    Event::RuleSet { workspace: workspace(1), holder, given: vec![key.into()], taken: vec![], until: None }
}

fn custom(key: &str, permissions: &[&str]) -> Event {
    Event::CustomRoleSet {
        role: key.into(),
        title: Name::new("Mine").unwrap(),
        like: "reader".into(),
        reach: bailiwick::catalog::Reach::Assigned,
        permissions: permissions.iter().map(|key| (*key).into()).collect(),
    }
}

fn made(until: Option<Timestamp>) -> Event {
    Event::ServiceCreated {
        service: service(),
        name: Name::new("Robot").unwrap(),
        sponsor: user(1),
        permissions: vec!["note.read".into()],
        workspaces: vec![],
        until,
        secret: SecretHash::from_bytes([0; 32]),
    }
}

fn invited(until: Timestamp) -> Event {
    Event::Invited {
        invitation: InvitationId::from_u64(1).unwrap(),
        address: Address::new("new@acme.example").unwrap(),
        roles: vec!["reader".into()],
        access: vec![],
        secret: SecretHash::from_bytes([0; 32]),
        until,
        uses: 1,
    }
}

/// What is found in the peaceful organization once this has happened, so many days later.
fn after(days: u64, events: Vec<Event>) -> Vec<Finding> {
    after_in(sound(), days, events)
}

fn after_in(catalog: Catalog, days: u64, events: Vec<Event>) -> Vec<Finding> {
    let mut org = peaceful_in(catalog);
    events.into_iter().for_each(|event| apply(&mut org, event));
    let now = NOW.plus(Span::days(days));
    assert_eq!(org.audit(now), [], "what is wrong is not what is broken");
    org.lint(now)
}

const UNREAD: (&str, &str) = ("key = \"reader\"\nrank = 1", "key = \"reader\"\nrank = 1\nassigned_by = [\"reader\"]");
const ENDS: Timestamp = Timestamp::from_millis(NOW.as_millis() + 1);

/// Each code, what brings it about, and the place where it is found.
fn cases() -> Vec<(Lint, Vec<Finding>, &'static str)> {
    let declared = [
        ("permissions = [\"*\"]", "permissions = [\"org.manage\", \"people.manage\", \"note.read\"]"),
        ("own_role", "owner_holds = \"declared\"\nown_role"),
    ];
    let only_invites = [("\"invite_member\", \"remove_member\", \"change_roles\"", "\"invite_member\"")];
    let until_day_1 = NOW.plus(Span::days(1));
    let group = || RuleFor::Group("readers".into());
    vec![
        (Lint::UnheldPermission, but(&declared).lint(), "permission `place.open`"),
        (Lint::UnguardedAction, but(&[("\"create_workspace\", ", "")]).lint(), "action `create_workspace`"),
        (Lint::IdleAction, but(&declared).lint(), "action `change_access`"),
        (Lint::UncarriedPermissions, policy("levels = \"organization_only\"").lint(), "role `editor`"),
        (Lint::UnassignableRole, but(&[UNREAD]).lint(), "role `reader`"),
        (Lint::IrrevocableRole, but(&only_invites).lint(), "role `editor`"),
        (Lint::InvitesWithoutRemoving, but(&only_invites).lint(), "role `owner`"),
        (
            Lint::IdleGroup,
            but(&[UNREAD, ("\"owner\"\nrank = 3", "\"owner\"\nfalls_back_to = \"editor\"\nrank = 3")]).lint(),
            "group `readers`",
        ),
        (Lint::UnusedPlan, but(&[("rank = 1\nteam_organizations = true", "rank = 1")]).lint(), "plan `paid`"),
        (
            Lint::UnplannedFeature,
            but(&[
                ("features = [\"writing\"]", ""),
                ("permissions = [\n", "features = [\"writing\"]\npermissions = [\n"),
            ])
            .lint(),
            "feature `writing`",
        ),
        (
            Lint::UnneededFeature,
            but(&[("features = [\"writing\"]", "features = [\"writing\", \"speech\"]")]).lint(),
            "feature `speech`",
        ),
        (
            Lint::OverridesOff,
            but(&[("own_role", "overrides = \"off\"\nown_role"), ("rank = 2", "rank = 2\nreducible = false")]).lint(),
            "role `editor`",
        ),
        (Lint::WiderAuthority, policy("assignable = \"what_one_holds\"").lint(), "`policy.assignable`"),
        (Lint::WeakerDefault, policy("deletion = \"immediate\"").lint(), "`policy.deletion`"),
        (Lint::SingleOwner, after(0, vec![Event::PersonSuspended { user: user(2) }]), "user 1"),
        (Lint::IdleRow, after(0, vec![given(2, Override::none())]), "access of user 2 to workspace 1"),
        (Lint::EndedRow, after(1, vec![given(3, Override::none().until(ENDS))]), "access of user 3 to workspace 1"),
        (
            Lint::IdleRowRole,
            after(
                0,
                vec![
                    custom("custom.clerk", &["org.manage"]),
                    joined(4, "reader"),
                    given(4, Override::role("custom.clerk")),
                ],
            ),
            "access of user 4 to workspace 1",
        ),
        (
            Lint::ArchivedCollaborator,
            after(
                0,
                vec![
                    Event::CollaboratorJoined { user: user(4), given_by: Actor::System },
                    given(4, Override::role("reader")),
                    Event::WorkspaceArchived { workspace: workspace(1) },
                ],
            ),
            "user 4",
        ),
        (Lint::WaitingInvitation, after(30, vec![invited(NOW.plus(Span::days(31)))]), "invitation 1"),
        (Lint::ExpiredInvitation, after(2, vec![invited(until_day_1)]), "invitation 1"),
        (Lint::LongSuspension, after(90, vec![Event::PersonSuspended { user: user(3) }]), "user 3"),
        (Lint::OrphanedService, after(0, vec![made(None), Event::ServiceOrphaned { service: service() }]), "service 1"),
        (Lint::EndedService, after(1, vec![made(Some(until_day_1))]), "service 1"),
        (Lint::IdleRule, after(0, vec![rule(group(), None)]), "rule of group `readers` in workspace 1"),
        (
            Lint::EndedRule,
            after(1, vec![joined(4, "reader"), rule(group(), Some(ENDS))]),
            "rule of group `readers` in workspace 1",
        ),
        (
            Lint::IneffectiveRule,
            after(0, vec![joined(4, "reader"), given(4, Override::none()), rule_giving(group(), "note.read")]),
            "rule of group `readers` in workspace 1",
        ),
        (
            Lint::UnheldHere,
            after_in(but(&declared), 0, vec![Event::PersonRemoved { user: user(3), content: Content::Stays }]),
            "permission `note.write`",
        ),
        (
            Lint::UngivableRole,
            after_in(
                but(&declared),
                0,
                vec![
                    Event::PersonRemoved { user: user(3), content: Content::Stays },
                    custom("custom.mine", &["note.write"]),
                ],
            ),
            "role `custom.mine`",
        ),
        (Lint::EmptyTeam, after(0, vec![Event::TeamLeft { team: team(), user: user(3) }]), "team 1"),
        (Lint::UnusedRole, after(0, vec![custom("custom.mine", &["note.write"])]), "role `custom.mine`"),
        (Lint::EqualRole, after(0, vec![custom("custom.mine", &["note.read"])]), "role `custom.mine`"),
        (
            Lint::OverPlan,
            after(
                0,
                (4..=6)
                    .map(|n| joined(n, "reader"))
                    .chain([Event::PlanChanged { plan: "free".into(), seats: Seats::new(0), at: None }])
                    .collect(),
            ),
            "limit `members`",
        ),
        (Lint::EndedShare, shared(Recipient::User(user(9)), None, "note.read", Some(ENDS)), "share 1 on resource 7"),
        (Lint::LostShare, shared(Recipient::User(user(3)), Some(1), "note.read", None), "share 1 on resource 7"),
        (Lint::LostShare, shared(Recipient::Group("none".into()), None, "note.read", None), "share 1 on resource 7"),
        (Lint::IdleShare, shared(Recipient::Members, None, "note.raed", None), "share 1 on resource 7"),
        (
            Lint::WaitingShare,
            shared(Recipient::Address(Address::new("ada@example.com").unwrap()), None, "note.read", None),
            "share 1 on resource 7",
        ),
    ]
}

/// What is found a year later of one share on a resource.
fn shared(to: Recipient, since: Option<u64>, key: &str, until: Option<Timestamp>) -> Vec<Finding> {
    let (org, resource) = (peaceful(), ResourceId::from_u64(7).unwrap());
    let (share, since) = (ShareId::from_u64(1).unwrap(), since.map(Version::from_u64));
    let event = ShareEvent::Given { share, to, since, extent: Extent::default(), level: vec![key.into()], until };
    let record = ShareRecord { version: Version::from_u64(1), at: NOW, by: Actor::System, command: None, event };
    let sheet = Sheet::replay(org.id(), resource, [&record]);
    assert_eq!(org.lint_shares(&Sheet::new(org.id(), resource), NOW), []);
    org.lint_shares(&sheet, NOW.plus(Span::days(365)))
}

/// What somebody uses is not complained about.
#[test]
fn a_share_that_is_used_is_no_finding() {
    let (org, resource) = (peaceful(), ResourceId::from_u64(7).unwrap());
    let since = org.person(user(3)).map(|person| person.joined().version);
    let (share, to, level) = (ShareId::from_u64(1).unwrap(), Recipient::User(user(3)), vec!["note.read".into()]);
    let event = ShareEvent::Given { share, to, since, extent: Extent::default(), level, until: None };
    let record = ShareRecord { version: Version::from_u64(1), at: NOW, by: Actor::System, command: None, event };
    let sheet = Sheet::replay(org.id(), resource, [&record]);
    assert_eq!(org.lint_shares(&sheet, NOW.plus(Span::days(365))), []);
}

#[test]
fn sound_things_give_no_findings() {
    assert_eq!(sound().lint(), []);
    assert_eq!(peaceful().lint(NOW), []);
    let mut gone = peaceful();
    apply(&mut gone, Event::PersonRemoved { user: user(3), content: Content::Stays });
    assert_ne!(gone.lint(NOW), []);
    let disposition = bailiwick::Disposition::Delete;
    apply(&mut gone, Event::OrganizationDeleted { disposition, purge_at: ENDS });
    assert_eq!(gone.lint(NOW), [], "nobody tidies up what is deleted");
}

#[test]
fn every_lint_is_found_where_it_is() {
    let cases = cases();
    for (lint, findings, place) in &cases {
        let place_of = |finding: &Finding| finding.place.to_string().replace("00000000-0000-0000-0000-00000000000", "");
        let found = findings.iter().any(|finding| finding.lint == *lint && place_of(finding) == *place);
        assert!(found, "{}: not at {place}, only {findings:#?}", lint.code());
    }
    let never: Vec<&str> =
        Lint::ALL.iter().filter(|lint| !cases.iter().any(|case| case.0 == **lint)).map(|lint| lint.code()).collect();
    assert!(never.is_empty(), "never produced: {never:?}");
}

#[test]
fn a_finding_reads_as_one_line() {
    let [(_, rows, _)] = &cases().into_iter().filter(|case| case.0 == Lint::OverPlan).collect::<Vec<_>>()[..] else {
        panic!("one case each")
    };
    let told: Vec<String> = rows.iter().filter(|row| row.lint == Lint::OverPlan).map(ToString::to_string).collect();
    assert_eq!(
        told,
        ["limit `members`: there is more than the plan allows (6 members of 5); move to a bigger plan, or tidy up: \
          nothing is added until it fits [over_plan]"]
    );
}

/// Every choice that opens more than the usual one is named, with its place (C-10, C-11, C-15 to C-18, C-20, C-29).
#[test]
fn options_that_widen_are_named() {
    let authority = [
        ("own_role = \"demote_only\"", "`policy.own_role`"),
        ("own_role = \"allowed\"", "`policy.own_role`"),
        ("assignable = \"what_one_holds\"", "`policy.assignable`"),
        ("invitations = { inviter_gone = \"keep\" }", "`policy.invitations.inviter_gone`"),
    ];
    let defaults = [
        ("deletion = \"immediate\"", "`policy.deletion`"),
        ("on_member_removed = \"keep_as_collaborator\"", "`policy.on_member_removed`"),
        ("credits_off = \"uncharged\"", "`policy.credits_off`"),
        ("credit_transfers = \"same_owner\"", "`policy.credit_transfers`"),
        ("too_big_for_plan = \"freeze\"", "`policy.too_big_for_plan`"),
        ("invitations = { binding = \"matching_address\" }", "`policy.invitations.binding`"),
        ("invitations = { binding = \"bearer:1\" }", "`policy.invitations.binding`"),
        ("invitations = { on_resend = \"renew\" }", "`policy.invitations.on_resend`"),
        ("invitations = { on_resend = \"nothing\" }", "`policy.invitations.on_resend`"),
        ("invitations = { lifetime = \"31d\" }", "`policy.invitations.lifetime`"),
    ];
    let authority = authority.map(|case| (Lint::WiderAuthority, case));
    for (lint, (option, place)) in authority.into_iter().chain(defaults.map(|case| (Lint::WeakerDefault, case))) {
        let found: Vec<(Lint, String)> =
            policy(option).lint().iter().map(|finding| (finding.lint, finding.place.to_string())).collect();
        assert_eq!(found, [(lint, place.to_owned())], "{option}");
    }
    let usual = ["lifetime = \"30d\"", "binding = \"verified_address\"", "on_resend = \"renew_and_rotate\""];
    for option in usual {
        assert_eq!(policy(&format!("invitations = {{ {option} }}")).lint(), [], "{option}");
    }
}

/// What roles open of themselves: given by somebody of lower rank (C-11), owners that rows can reduce (C-09).
#[test]
fn roles_that_widen_are_named() {
    let by_reader = but(&[("rank = 2", "rank = 2\nassigned_by = [\"reader\", \"owner\"]")]).lint();
    let reducible = but(&[("rank = 3", "rank = 3\nreducible = true")]).lint();
    assert_eq!(
        by_reader.iter().map(|f| (f.lint, f.place.to_string())).collect::<Vec<_>>(),
        [(Lint::WiderAuthority, "role `editor`".into())]
    );
    assert_eq!(
        reducible.iter().map(|f| (f.lint, f.place.to_string())).collect::<Vec<_>>(),
        [(Lint::WeakerDefault, "role `owner`".into())]
    );
}

/// The presets are clean but for what their requirements ask for.
#[test]
fn presets_are_clean_but_for_what_is_required() {
    let found = |preset: &str| -> Vec<String> {
        let told = |finding: &Finding| format!("{} {}", finding.lint.code(), finding.place);
        cases::catalog(preset).lint().iter().map(told).collect()
    };
    let none: [&str; 0] = [];
    assert_eq!(found("studio"), none);
    assert_eq!(found("cloud"), none);
    assert_eq!(found("agency"), none);
    assert_eq!(
        found("production"),
        [
            "weaker_default `policy.deletion`",            // S2-121, S2-123: at once, for good
            "weaker_default `policy.invitations.binding`", // S2-84, S2-87: no further step
        ]
    );
}

/// A row that gives nothing to do can still say how somebody ranks, or that their work uses credits.
#[test]
fn a_row_that_changes_rank_or_credits_is_not_idle() {
    let role =
        |key: &str, rank: u32| format!("[[roles]]\nkey = \"{key}\"\nrank = {rank}\npermissions = [\"note.read\"]\n");
    let more = format!("{}{}[[groups]]", role("lead", 2), role("payer", 1));
    let reader = "key = \"reader\"\nrank = 1\nreach = \"all\"\nuses_credits = false";
    let catalog = || but(&[("[[groups]]", more.as_str()), ("key = \"reader\"\nrank = 1", reader)]);
    let idle = |role: &str| {
        let mut org = peaceful_in(catalog());
        apply(&mut org, joined(4, "reader"));
        apply(&mut org, given(4, Override::role(role)));
        org.lint(NOW).iter().any(|finding| finding.lint == Lint::IdleRow)
    };
    assert!(idle("reader"), "the same role again");
    assert!(!idle("lead"), "ranks higher there");
    assert!(!idle("payer"), "uses credits there");
}

/// What is called idle is: taking the row changes nobody's answer to any question.
#[test]
fn taking_an_idle_row_changes_no_answer() {
    let (idle, asked) = (std::cell::Cell::new(0_u64), std::cell::Cell::new(0_u64));
    for_any_world(|world| {
        let facts: Facts<'_> = world.facts();
        for finding in world.org.lint(facts.now) {
            let bailiwick::lint::Place::Row { user, workspace } = finding.place else { continue };
            if !matches!(finding.lint, Lint::IdleRow | Lint::EndedRow) {
                continue;
            }
            idle.set(idle.get() + 1);
            let mut without = world.org.clone();
            apply(&mut without, Event::AccessTaken { user, workspace });
            world.for_each_target(|target| {
                for (actor, permission) in world
                    .actors()
                    .into_iter()
                    .flat_map(|actor| world.permissions().into_iter().map(move |p| (actor, p.0)))
                {
                    let (with, now) = (&world.org, world.org.access(actor, target, &facts));
                    let after = without.access(actor, target, &facts);
                    asked.set(asked.get() + 1);
                    assert_eq!(
                        now.allows(permission),
                        after.allows(permission),
                        "{finding}\n{}",
                        with.explain(actor, permission, target, &facts)
                    );
                }
            });
        }
    });
    println!("{} rows are idle or have ended, {} questions", idle.get(), asked.get());
    assert!(std::env::var("BAILIWICK_SEED").is_ok() || idle.get() > 30);
}
