//! What an organization says of itself, and how people sign in to it.

use bailiwick::Actor;
use bailiwick::change::*;

use crate::support::samples::{Ids, OWNER, facts, organization, refused, run};
#[cfg(not(feature = "unicode"))]
use crate::support::samples::{NOW, founded, name};

const OWN: Ids = Ids::OWN;

fn by(n: u64) -> Actor {
    Actor::User(OWN.user(n))
}

/// S1-35, S2-106, S2-108, S1-19: what an organization says of itself, keeps for the application, and brings along.
#[test]
fn settings_are_what_was_set_last() {
    let mut org = organization(OWN);
    let owner = by(OWNER);
    let llm = "llm".parse().unwrap();
    run(&mut org, owner, Describe { description: "We film.".into() });
    run(&mut org, owner, SetPreference { key: "color".into(), value: Some("blue".into()) });
    run(&mut org, owner, SetOwnKey { class: llm, on: true });
    let profile = org.profile().unwrap();
    assert_eq!(profile.description, "We film.");
    assert_eq!(profile.preferences.get("color").map(String::as_str), Some("blue"));
    assert!(profile.own_keys.contains(&llm));
    assert_eq!(refused(&org, owner, SetOwnKey { class: llm, on: true }).code(), "no_change");
    let unreadable = serde_json::from_str::<Command>(r#"{ "set_own_key": { "class": "L L M", "on": true } }"#);
    assert!(unreadable.unwrap_err().to_string().contains("a label has 1 to 16 bytes"));
    run(&mut org, owner, SetOwnKey { class: llm, on: false });
    run(&mut org, owner, SetPreference { key: "color".into(), value: None });
    assert_eq!(refused(&org, owner, SetPreference { key: "color".into(), value: None }).code(), "no_row");
}

/// Whoever requires a provider is signed in through it, or is told which one: nobody locks everybody out, but the platform.
#[test]
fn a_provider_is_required_by_whoever_is_signed_in_through_it() {
    let mut org = organization(OWN);
    let require = RequireProvider { provider: Some("okta".into()) };
    let okta = org.catalog().provider("okta");
    let Refusal::StepUp { requirement } = refused(&org, by(OWNER), require.clone()) else { panic!("not asked for") };
    assert!(okta.is_some() && requirement.provider == okta, "{requirement:?}");
    let through = facts().through(okta.unwrap());
    assert!(org.handle(&require.clone().into(), &through.by(by(OWNER))).is_ok());
    run(&mut org, Actor::System, require);
}

/// S2-13, S2-106, C-04: names that are to be unique can be compared. Outside ASCII that takes the tables of Unicode; without them such
/// a name is only a name.
#[cfg(not(feature = "unicode"))]
#[test]
fn a_name_that_cannot_be_compared_is_none_where_names_are_unique() {
    let rename = || Rename { name: name("Größe") };
    let create = |catalog: &str| {
        let (plan, seats, workspace) = ("team".into(), bailiwick::Seats::new(0), OWN.workspace(1));
        let create = CreateOrganization { name: name("Größe"), plan, seats, owned: 0, workspace };
        let catalog = std::sync::Arc::new(toml::from_str(catalog).unwrap());
        let new = bailiwick::Organization::new(OWN.organization(), catalog);
        new.handle(&create.into(), &facts().by(by(OWNER))).map(|_| ())
    };
    let text = |policy: &str| {
        format!(
            r#"
            name = "notes"
            permissions = [{{ key = "org.run", scope = "organization", guards = ["edit_organization"] }}]
            roles = [{{ key = "owner", rank = 9, owner = true, permissions = ["*"] }}]
            plans = [{{ key = "team", rank = 0, team_organizations = true }}]
            [policy]
            {policy}
            personal = {{ plan = "team", name = "{{user}}" }}
            "#
        )
    };
    let (unique, plain) = (text(r#"unique_names = "global""#), text(""));
    assert_eq!(create(&plain), Ok(()));
    run(&mut founded(&plain), by(OWNER), rename());
    assert_eq!(create(&unique).unwrap_err().code(), "bad_name");
    assert_eq!(refused(&founded(&unique), by(OWNER), rename()).code(), "bad_name");
    // Personal ones are called as people are.
    let mut own =
        bailiwick::Organization::new(OWN.organization(), std::sync::Arc::new(toml::from_str(&unique).unwrap()));
    let (kind, plan, roles) = (bailiwick::Kind::Personal, "team".into(), vec!["owner".into()]);
    let (name, seats, owner) = (name("Größe"), bailiwick::Seats::new(0), OWN.user(OWNER));
    let event = Event::OrganizationCreated { kind, name, plan, seats, owner, roles };
    own.apply(&Record { version: own.version().next(), at: NOW, by: by(OWNER), command: None, event });
    run(&mut own, by(OWNER), rename());
}
