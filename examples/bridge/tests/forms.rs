//! The forms that other languages read: which keys there are, and what stands in them.
#![allow(clippy::unwrap_used, reason = "a test that panics is a test that fails")]

use bailiwick::access::{Facts, Target};
use bailiwick::store::MemoryStore;
use bailiwick::{Actor, OrgId, Tenants, Timestamp, UserId};
use bailiwick_bridge::books::Books;
use bailiwick_bridge::{catalog, code, command, explain, nearest, view};
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

fn tenants() -> Tenants<MemoryStore> {
    let tenants = Tenants::in_memory(catalog::preset("cloud").unwrap());
    let create =
        json!({ "create_organization": { "name": "Acme", "plan": "team", "seats": 3, "owned": 0, "workspace": ONE } });
    command::command(&tenants, acme(), &create.to_string(), &NOW.by(user(1))).unwrap();
    tenants
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_outcome_says_what_happened_and_what_there_is_to_do() {
    let tenants = tenants();
    let secret = [7; 32]; // its hash
    let invite = json!({ "invite": { "invitation": ONE, "address": "bob@acme.example", "roles": ["viewer"], "secret": secret } });
    let done = command::command(&tenants, acme(), &invite.to_string(), &NOW.by(user(1))).unwrap();
    let told = parsed(&done.text);
    assert_eq!(keys(&told), ["effects", "left_out", "organization", "records", "version"]);
    assert_eq!((told["organization"].as_str(), told["version"].as_u64()), (Some(ONE), Some(done.version.as_u64())));
    assert!(told["records"][0]["event"]["invited"].is_object());
    assert_eq!(told["effects"][0]["send_invitation"]["address"], "bob@acme.example");
    assert_eq!(told["left_out"], json!([]));
}

#[test]
fn signing_up_twice_finds_the_organization_that_there_is() {
    let tenants = Tenants::in_memory(catalog::preset("cloud").unwrap());
    let sign_up = json!({ "sign_up": { "name": "Ada", "workspace": ONE } }).to_string();
    let first = command::command(&tenants, acme(), &sign_up, &NOW.by(user(1))).unwrap();
    let again = command::command(&tenants, OrgId::from_u64(2).unwrap(), &sign_up, &NOW.by(user(1))).unwrap();
    assert_eq!((first.organization, again.organization), (acme(), acme()));
}

#[test]
fn a_refusal_has_the_facts_that_the_crate_has() {
    let tenants = tenants();
    let refused =
        |command: Value, by| command::command(&tenants, acme(), &command.to_string(), &NOW.by(by)).unwrap_err();
    let unknown = refused(json!({ "add_member": { "user": TWO, "roles": ["amdin"] } }), Actor::System);
    assert_eq!((unknown.number, unknown.facts), (114, json!({ "key": "amdin", "meant": "admin" })));
    let stranger = refused(json!({ "rename": { "name": "Mine" } }), user(2));
    assert_eq!((stranger.number, stranger.facts), (100, json!({})));
    let owner = refused(json!({ "leave": {} }), user(1));
    assert_eq!(code::name_of(owner.number), Some("last_owner"));
    let written = refused(json!({ "rename": { "nmae": "x" } }), user(1));
    assert_eq!(written.number, code::BAD_JSON);
}

#[test]
fn an_explanation_has_the_rules_and_the_layers() {
    let tenants = tenants();
    let permission = tenants.catalog().permission("organization.settings.edit").unwrap();
    let why = tenants.explain(acme(), user(1), permission, Target::Organization, &NOW).unwrap();
    let told = parsed(&explain::explanation(&why, tenants.catalog()).unwrap());
    assert_eq!(keys(&told), ["actor", "decision", "layers", "permission", "steps", "target", "turn", "version"]);
    assert_eq!(told["decision"], json!({ "number": 0, "code": "allow", "text": "allowed" }));
    assert_eq!(keys(&told["steps"][0]), ["finding", "origin", "question", "rule", "verdict"]);
    assert_eq!(keys(&told["layers"][0]), ["effect", "event", "kind", "origin", "until", "what"]);
    assert_eq!(
        (&told["layers"][0]["kind"], &told["layers"][0]["effect"]),
        (&json!("organization_role"), &json!("gives"))
    );
    assert_eq!(told["layers"][0]["event"], "organization_created");
}

#[test]
fn the_nearest_changes_are_commands_in_the_order_in_which_an_explanation_says_them() {
    let tenants = tenants();
    let permission = tenants.catalog().permission("organization.settings.edit").unwrap();
    let asked = |actor, target| {
        let why = tenants.explain(acme(), actor, permission, target, &NOW).unwrap();
        let told = nearest::changes(&tenants, acme(), actor, permission, target, &NOW).unwrap();
        (why.turn.map_or(0, |turn| turn.steps.len()), parsed(&told))
    };
    assert_eq!(asked(user(2), Target::Organization), (0, json!([])), "nothing to strangers");

    let add = json!({ "add_member": { "user": TWO, "roles": ["viewer"] } });
    command::command(&tenants, acme(), &add.to_string(), &NOW.by(Actor::System)).unwrap();
    let (said, changes) = asked(user(2), Target::Organization);
    assert_eq!((said, changes.as_array().map(Vec::len)), (1, Some(1)));
    assert_eq!(keys(&changes[0]), ["by", "change", "more"]);
    assert_eq!(changes[0]["by"], json!([ONE]));
    let change = &changes[0]["change"]["organization"];
    command::command(&tenants, acme(), &change.to_string(), &NOW.by(user(1))).unwrap();
    assert!(tenants.check(acme(), user(2), permission, Target::Organization, &NOW).unwrap().is_allow());
}

#[test]
fn a_view_has_the_snapshot_and_what_follows_from_it() {
    let told = parsed(&view::organization(&tenants(), acme(), NOW.now).unwrap());
    assert_eq!(told["seats"], json!({ "limit": 3, "used": 1, "charged": 3 }));
    let counts =
        ["members", "active_members", "collaborators", "owners", "open_invitations"].map(|key| told[key].as_u64());
    assert_eq!(counts, [Some(1), Some(1), Some(0), Some(1), Some(0)]);
    assert_eq!((&told["plan"], &told["bought"], &told["broken"]), (&json!("team"), &json!(3), &json!([])));
    assert_eq!(told["snapshot"]["people"][0]["user"], ONE);
    assert_eq!(view::organization(&tenants(), OrgId::from_u64(9).unwrap(), NOW.now).unwrap(), "null");
}

#[test]
fn books_answer_orders_and_are_what_their_entries_make() {
    let (mut books, mut again) = (Books::new(acme(), "{}").unwrap(), Books::new(acme(), "{}").unwrap());
    let mut order = |key: u64, request: Value| {
        let key = format!("00000000-0000-0000-0000-{key:012x}");
        let order = json!({ "key": key, "issued": NOW.now, "request": request });
        let answered = books.order(&order.to_string(), Actor::System, NOW.now).unwrap();
        let told = parsed(&answered.text);
        if told["verdict"] == "new" {
            again.replay(&told["entry"].to_string()).unwrap();
        }
        (answered.refused.map(|why| why.number), told)
    };
    let grant = json!({ "grant": { "class": "purchased", "amount": 100 } });
    assert_eq!(order(1, grant.clone()).1["verdict"], "new");
    assert_eq!(order(1, grant).1["verdict"], "known");
    let charge = json!({ "charge": { "hold": ONE, "spender": { "scope": {}, "pays": "pool" }, "amount": 30 } });
    assert_eq!(order(2, charge).1["receipt"], json!({ "draws": [{ "lot": 1, "amount": 30 }] }));
    let (refused, told) =
        order(3, json!({ "charge": { "hold": TWO, "spender": { "scope": {}, "pays": "pool" }, "amount": 80 } }));
    assert_eq!((refused, &told["why"]["facts"]), (Some(325), &json!({ "needed": 80, "left": 70 })));
    for question in ["\"balance\"", "\"lots\"", "\"state\"", "\"audit\"", "{\"spendable\":{}}"] {
        assert_eq!(books.ask(question, NOW.now).unwrap(), again.ask(question, NOW.now).unwrap());
    }
    assert_eq!(parsed(&books.ask("\"balance\"", NOW.now).unwrap())["spendable"], 70);
}
