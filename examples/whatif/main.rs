//! What if? Who would gain and lose what: by a command, by a role that holds more, by another catalog.
//!
//! ```text
//! cargo run --release --example whatif
//! ```
#![allow(clippy::print_stdout, reason = "printing is what it is for")]
#![allow(clippy::expect_used, reason = "a program may stop")]
#![allow(unreachable_pub, missing_docs, reason = "nobody links an example")]

use std::error::Error;
use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::catalog::Catalog;
use bailiwick::change::{AddMember, ChangeRoles, Command, CreateOrganization};
use bailiwick::migrate::{Migration, Migrations, Move, Objection};
use bailiwick::reach::review::Wording;
use bailiwick::whatif::AccessDiff;
use bailiwick::{Actor, Name, OrgId, Organization, Seats, Timestamp, UserId, WorkspaceId, presets};

/// The people of the story, and their roles.
const PEOPLE: [(u64, &str, &str); 6] = [
    (1, "Ada", "admin"),
    (2, "Paul", "producer"),
    (3, "Petra", "producer"),
    (4, "Eva", "editor"),
    (5, "Tom", "talent"),
    (6, "Tina", "talent"),
];
const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

fn main() -> Result<(), Box<dyn Error>> {
    let catalog: Arc<Catalog> = Arc::new(toml::from_str(presets::PRODUCTION)?);
    let acme = acme(&catalog)?;
    let wording = Wording::plain().names(&called);

    println!("# 1. Paul, a Producer, becomes an Editor\n");
    let demote = Command::from(ChangeRoles { user: user(2), roles: vec!["editor".into()] });
    let preview = acme.preview(&demote, &NOW.by(Actor::User(user(1))))?;
    println!("{}", AccessDiff::between(&acme, &preview.after, &NOW)?.to_markdown(&wording));

    println!("# 2. Editors may share inside the organization\n");
    let wider = catalog.to_builder().change_role("editor", |role| role.allows(["share.internal"])).build()?;
    try_out("Nobody has said that this is meant", &Migration::between(&catalog, &Arc::new(wider))?, &acme);

    println!("# 3. Another version of the catalog\n");
    println!(
        "`script.edit` is called `script.write`, `share.link` is two permissions now, and instead of Talent there"
    );
    println!("are Guests, who have no teleprompter. Somebody has also let Guests create scripts.\n");
    let next = next_version(r#"["script.view", "script.create"]"#)?;
    let moves = toml::from_str(include_str!("migration.toml"))?;
    try_out("As it is written", &Migration::from_document(&moves, &catalog, &next)?, &acme);

    let corrected = next_version(r#"["script.view"]"#)?;
    let migration = Migration::from_document(&moves, &catalog, &corrected)?;
    try_out("Without the slip", &migration, &acme);

    println!("## Stored records\n");
    let stored = r#"{"version":9,"at":1795000000000,"by":"system","event":{"roles_changed":{"user":"00000000-0000-0000-0000-000000000004","roles":["talent"]}}}"#;
    let record = Migrations::new([migration])?.upcast(&catalog, serde_json::from_str(stored)?);
    println!("- written: {stored}");
    println!("- read as: {}", serde_json::to_string(&record)?);
    println!();

    println!("## What was forgotten is listed\n");
    let forgetful = Migration::builder().permissions([Move::rename("script.edti", "script.write")]);
    let mistakes = forgetful.build(&catalog, &corrected).expect_err("much is missing");
    mistakes.iter().for_each(|mistake| println!("- {mistake}"));
    Ok(())
}

/// What a migration would do to an organization, and whether it may.
fn try_out(title: &str, migration: &Migration, organization: &Organization) {
    println!("## {title}\n");
    let run = migration.dry_run([organization], &NOW);
    println!("{}", run.access.to_markdown(&Wording::plain().names(&called)));
    match migration.carry(organization, &NOW) {
        Ok(_) => println!("Accepted.\n"),
        Err(refused) => {
            println!("Refused:\n");
            let gains = |objection: &&Objection| matches!(objection, Objection::Gains(_));
            refused
                .objections()
                .iter()
                .filter(|objection| !gains(objection))
                .for_each(|objection| println!("- {objection}"));
            let gains = refused.objections().iter().filter(gains).count();
            println!("- by it {gains} would gain what is said above");
            println!();
        }
    }
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).expect("people count from one")
}

fn called(who: UserId) -> Option<String> {
    let name = PEOPLE.iter().find(|(n, ..)| who == user(*n));
    name.map(|(_, name, _)| (*name).to_owned())
}

/// A production company with its people.
fn acme(catalog: &Arc<Catalog>) -> Result<Organization, Box<dyn Error>> {
    let mut acme = Organization::new(OrgId::from_u64(1).ok_or("zero")?, Arc::clone(catalog));
    let workspace = WorkspaceId::from_u64(1).ok_or("zero")?;
    let create = CreateOrganization {
        name: Name::new("Acme Films")?,
        plan: "studio".into(),
        seats: Seats::new(9),
        owned: 0,
        workspace,
    };
    let mut commands = vec![(Actor::User(user(1)), Command::from(create))];
    for (n, _, role) in PEOPLE.iter().skip(1) {
        let add = AddMember { user: user(*n), roles: vec![(*role).into()], access: vec![] };
        commands.push((Actor::System, add.into()));
    }
    for (actor, command) in commands {
        for record in acme.handle(&command, &NOW.by(actor))? {
            acme.apply(&record);
        }
    }
    Ok(acme)
}

/// The next version of the preset, with what Guests hold in it.
fn next_version(guests: &str) -> Result<Arc<Catalog>, Box<dyn Error>> {
    let text = presets::PRODUCTION
        .replace("\"script.edit\"", "\"script.write\"")
        .replace(
            r#"{ key = "share.link", scope = "workspace", title = "Create public links", guards = ["share_by_link"] },"#,
            r#"{ key = "share.link.create", scope = "workspace", title = "Create public links", guards = ["share_by_link"] },
               { key = "share.link.revoke", scope = "workspace", title = "Revoke public links" },"#,
        )
        .replace(r#""share.link", "#, r#""share.link.create", "share.link.revoke", "#)
        .replace("\"talent\"", "\"guest\"")
        .replace("\"Talent\"", "\"Guest\"")
        .replace("\"all_talent\"", "\"all_guests\"")
        .replace("\"All Talent\"", "\"All Guests\"")
        .replace(r#"permissions = ["script.create", "#, r#"permissions = ["teleprompter.use", "script.create", "#)
        .replace(r#"["script.view", "teleprompter.use"]"#, guests);
    Ok(Arc::new(toml::from_str(&text)?))
}
