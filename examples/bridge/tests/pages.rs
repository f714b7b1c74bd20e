//! What pages are drawn from: descriptions, findings, previews, offers, lists, comparisons.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::change::Place;
use bailiwick::reach::review::Breadth;
use bailiwick::store::MemoryStore;
use bailiwick::{Actor, OrgId, Tenants, Timestamp, UserId, WorkspaceId};
use bailiwick_bridge::{catalog, command, compare, describe, lint, preview, question, reach, sharing, view};
use serde_json::{Value, json};

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));
const ONE: &str = "00000000-0000-0000-0000-000000000001";
const TWO: &str = "00000000-0000-0000-0000-000000000002";

fn user(number: u64) -> Actor {
    Actor::User(UserId::from_u64(number).unwrap())
}

fn acme() -> OrgId {
    OrgId::from_u64(1).unwrap()
}

fn workspace() -> WorkspaceId {
    WorkspaceId::from_u64(1).unwrap()
}

/// Acme, which user 1 owns and user 2 looks at.
fn tenants() -> Tenants<MemoryStore> {
    let tenants = Tenants::in_memory(catalog::preset("cloud").unwrap());
    for (command, by) in [
        (
            json!({ "create_organization": { "name": "Acme", "plan": "team", "seats": 3, "owned": 0, "workspace": ONE } }),
            user(1),
        ),
        (json!({ "add_member": { "user": TWO, "roles": ["viewer"], "access": [[ONE, {}]] } }), Actor::System),
    ] {
        command::command(&tenants, acme(), &command.to_string(), &NOW.by(by)).unwrap();
    }
    tenants
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_description_has_everything_that_a_catalog_names() {
    let cloud = catalog::preset("cloud").unwrap();
    let told = parsed(&describe::catalog(&cloud).unwrap());
    let parts = [
        "actions",
        "features",
        "groups",
        "matrix",
        "meters",
        "name",
        "permissions",
        "plans",
        "policy",
        "providers",
        "roles",
    ];
    assert_eq!(keys(&told), parts);
    let (first, role) = (&told["permissions"][0], &told["roles"][0]);
    assert_eq!(
        first["key"].as_str(),
        cloud.permission_def(cloud.permission_at(0).unwrap()).map(|def| def.key.as_str())
    );
    assert!(role["permissions"].as_array().unwrap().len() >= role["declared"].as_array().unwrap().len());
    let matrix = &told["matrix"];
    let columns = matrix["roles"].as_array().unwrap().len();
    assert_eq!(matrix["role_keys"].as_array().unwrap().len(), columns);
    assert_eq!(matrix["sections"][0]["rows"][0]["cells"].as_array().unwrap().len(), columns);
    let guarded = told["actions"].as_array().unwrap().iter().find(|it| it["action"] == "invite_member").unwrap();
    assert!(guarded["permission"].is_string());
}

#[test]
fn findings_say_what_they_are_about() {
    let found = parsed(&lint::catalog(&catalog::preset("studio").unwrap()).unwrap());
    for finding in found.as_array().unwrap() {
        assert_eq!(keys(finding), ["advice", "code", "number", "place", "says", "text"]);
        assert_ne!(finding["place"]["kind"], "other");
    }
    let found = parsed(&lint::organization(&tenants(), acme(), NOW.now).unwrap());
    let single = found.as_array().unwrap().iter().find(|it| it["code"] == "single_owner").unwrap();
    assert_eq!(single["place"], json!({ "kind": "person", "key": ONE, "text": format!("user {ONE}") }));
}

#[test]
fn a_preview_says_who_gains_and_changes_nothing() {
    let tenants = tenants();
    let promote = json!({ "change_roles": { "user": TWO, "roles": ["admin"] } }).to_string();
    let told = parsed(&preview::command(&tenants, acme(), &promote, &NOW.by(Actor::System)).unwrap());
    assert_eq!(keys(&told), ["access", "effects", "left_out", "records", "seats_after", "seats_before", "shares"]);
    let change = &told["access"][0];
    assert_eq!((&change["who"], &change["extent"]["place"]), (&json!({ "user": TWO }), &json!("organization")));
    assert!(change["gained"].as_array().unwrap().len() > change["lost"].as_array().unwrap().len());
    assert_eq!(parsed(&view::journal(&tenants, acme()).unwrap()).as_array().unwrap().len(), 4);
    let refused = preview::command(&tenants, acme(), r#"{"leave":{}}"#, &NOW.by(user(1))).unwrap_err();
    assert!(refused.number >= 100);
}

#[test]
fn offers_are_commands_ready_to_be_given() {
    let tenants = tenants();
    let about = json!({ "person": TWO }).to_string();
    let now = NOW.authenticated(NOW.now);
    let offers = parsed(&preview::offers(&tenants, acme(), &about, &now.by(user(1))).unwrap());
    let suspend = offers.as_array().unwrap().iter().find(|it| it["command"]["suspend"].is_object()).unwrap();
    assert_eq!(suspend, &json!({ "command": { "suspend": { "user": TWO } }, "step_up": null }));
    command::command(&tenants, acme(), &suspend["command"].to_string(), &now.by(user(1))).unwrap();
    assert_eq!(preview::offers(&tenants, acme(), &about, &now.by(user(2))).unwrap(), "[]");
}

#[test]
fn lists_are_paged_and_say_through_what() {
    let tenants = tenants();
    let first = parsed(&reach::organizations(&tenants, UserId::from_u64(2).unwrap(), "{}").unwrap());
    assert_eq!((&first["items"], &first["next"]), (&json!([ONE]), &Value::Null));
    let belonging = parsed(&reach::belongings(&tenants, UserId::from_u64(2).unwrap(), &NOW, "{}").unwrap());
    assert_eq!(belonging["items"][0]["roles"], json!(["viewer"]));
    let places = parsed(&reach::workspaces(&tenants, acme(), user(2), &NOW, "{}").unwrap());
    assert_eq!(places["items"][0]["holding"]["sources"][0]["through"], json!({ "role": "viewer" }));
    let permission = tenants.catalog().permission("operation.run").unwrap();
    let people = |part: &str| reach::people(&tenants, acme(), permission, Place::Workspace(workspace()), &NOW, part);
    assert_eq!(parsed(&people("{}").unwrap())["items"][0]["user"], ONE);
    assert_eq!(bailiwick_bridge::code::name_of(people(r#"{"limit":"all"}"#).unwrap_err().number), Some("bad_json"));
    let review = parsed(&reach::review(&tenants, acme(), &NOW, Breadth::Everybody).unwrap());
    assert_eq!(review["places"][1]["rows"].as_array().unwrap().len(), 2);
    assert!(review["markdown"].as_str().unwrap().contains("Acme"));
    assert_eq!(reach::review(&tenants, OrgId::from_u64(9).unwrap(), &NOW, Breadth::Everybody).unwrap(), "null");
}

#[test]
fn a_comparison_says_who_would_gain_what_and_what_is_not_said() {
    let tenants = tenants();
    let wider = tenants.catalog().to_builder().change_role("viewer", |role| role.allows(["operation.run"])).build();
    let said = json!({ "names": { TWO: "Bob" } }).to_string();
    let compared =
        compare::catalogs(&tenants, &Arc::new(wider.unwrap()), &[acme()], &NOW, &said, char::len_utf8).unwrap();
    let told = parsed(&compared);
    assert_eq!(
        (&told["rows"][0]["who"], &told["rows"][0]["gained"]),
        (&json!({ "user": TWO }), &json!(["operation.run"]))
    );
    assert!(told["markdown"].as_str().unwrap().contains("Bob"));
    assert_eq!(told["objections"][0]["kind"], "widens");
    let text = catalog::preset_text("cloud").unwrap().replace("operation.run", "operation.start");
    let renamed = Arc::new(catalog::parse(&text, char::len_utf8).unwrap());
    let refused = compare::catalogs(&tenants, &renamed, &[acme()], &NOW, "{}", char::len_utf8).unwrap_err();
    assert!(refused.facts["mistakes"][0]["path"].is_string());
    let moves =
        json!({ "moves": "[[permissions]]\nrename = \"operation.run\"\nto = \"operation.start\"\n" }).to_string();
    let carried = compare::catalogs(&tenants, &renamed, &[acme()], &NOW, &moves, char::len_utf8).unwrap();
    assert_eq!(parsed(&carried)["rows"], json!([]));
}

#[test]
fn questions_are_data() {
    let tenants = tenants();
    let facts: question::Facts = bailiwick_bridge::read(r#"{"now":1795000000000,"second_factor":true}"#).unwrap();
    let target: question::Target = bailiwick_bridge::read(&json!({ "workspace": ONE }).to_string()).unwrap();
    let permission = question::permission(tenants.catalog(), 0).unwrap();
    let decision = facts.with(tenants.catalog(), |facts| {
        target.with(&tenants, acme(), |target| Ok(tenants.check(acme(), user(9), permission, target, facts)?))
    });
    assert_eq!(decision.unwrap().code(), "not_found");
    let wrong = |text: &str| bailiwick_bridge::read::<question::Facts>(text).unwrap_err().number;
    assert_eq!(wrong(r#"{"now":1,"secondfactor":true}"#), bailiwick_bridge::code::BAD_JSON);
    assert_eq!(wrong("{}"), bailiwick_bridge::code::BAD_JSON);
    let provider: question::Facts = bailiwick_bridge::read(r#"{"now":1,"provider":"nobody"}"#).unwrap();
    let unknown = provider.with(tenants.catalog(), |_| Ok(())).unwrap_err();
    assert_eq!(unknown.number, bailiwick_bridge::code::UNKNOWN_NAME);
    assert!(question::permissions(tenants.catalog(), r#"["operation.run", 0]"#).is_ok());
}

#[test]
fn shares_are_listed_and_previewed() {
    let tenants = Tenants::in_memory(catalog::preset("production").unwrap());
    let create = json!({ "create_organization": { "name": "Acme", "plan": "studio", "seats": 3, "owned": 0, "workspace": ONE } });
    command::command(&tenants, acme(), &create.to_string(), &NOW.by(user(1))).unwrap();
    let add = json!({ "add_member": { "user": TWO, "roles": ["talent"] } }).to_string();
    command::command(&tenants, acme(), &add, &NOW.by(Actor::System)).unwrap();
    let resource: question::Resource = bailiwick_bridge::read(&json!({ "id": ONE }).to_string()).unwrap();
    let give = json!({ "give_share": { "share": ONE, "to": { "user": TWO }, "level": ["script.view"] } }).to_string();
    let told = resource.with(tenants.catalog(), |on| sharing::preview(&tenants, acme(), on, &give, &NOW.by(user(1))));
    assert_eq!(keys(&parsed(&told.unwrap())), ["access", "outside", "records"]);
    let id = bailiwick::ResourceId::from_u64(1).unwrap();
    assert_eq!(sharing::on(&tenants, acme(), id).unwrap(), "[]");
    resource.with(tenants.catalog(), |on| sharing::command(&tenants, acme(), on, &give, &NOW.by(user(1)))).unwrap();
    let kept = parsed(&sharing::on(&tenants, acme(), id).unwrap());
    assert_eq!(keys(&kept[0]), ["by", "level", "origin", "resource", "share", "to", "until"]);
    assert_eq!(parsed(&sharing::of(&tenants, acme()).unwrap()), kept);
}
