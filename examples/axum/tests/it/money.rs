//! Credits and storage: held, settled, given back, used up.

use std::time::Duration;

use serde_json::json;

use crate::support::{Server, each_database, id_of, sign_up, team, until};

#[test]
fn credits_are_held_settled_and_used_up() {
    each_database(|database| {
        let server = Server::start_with(database, &[("GENERATION_MS", "2000")]);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free"); // 20 credits, a megabyte
        let project = acme.project("Launch");
        let generations = format!("{project}/generations");

        let begun = ada.client.post(&generations, json!({ "steps": 8 })).is(202);
        assert_eq!(begun.text("state"), "running");
        let held = acme.credits().body;
        assert_eq!((&held["spendable"], &held["held"], &held["reserved"]), (&json!(4), &json!(16), &json!(80_000)));
        let short = ada.client.post(&generations, json!({ "steps": 3 })).refused(402, "not_enough");
        assert_eq!(short.body["facts"], json!({ "needed": 6, "left": 4 }));
        let path = begun.headers["location"].clone();
        ada.client.delete(&path).refused(409, "generation_open");

        until("it is done", Duration::from_secs(10), || ada.client.get(&path).is(200).text("state") == "done");
        let settled = acme.credits().body;
        assert_eq!((&settled["spendable"], &settled["held"], &settled["spent"]), (&json!(12), &json!(0), &json!(8)));
        assert_eq!((&settled["stored"], &settled["reserved"]), (&json!(64_000), &json!(0)));

        ada.client.delete(&path).is(204);
        ada.client.get(&path).refused(404, "unknown_generation");
        assert_eq!(acme.credits().body["stored"], 0);
        assert_eq!(acme.credits().body["spent"], 8, "what was generated was paid for");
    });
}

#[test]
fn what_does_not_fit_into_the_storage_costs_nothing() {
    each_database(|database| {
        // More credits than there is room for what they generate.
        let catalog = include_str!("../../catalog.toml").replace("{ allocation = 20 }", "{ allocation = 2_000 }");
        let path = std::env::temp_dir().join(format!("workshop-{}-{}.toml", std::process::id(), id_of(&database.url)));
        std::fs::write(&path, catalog).unwrap();
        let server = Server::start_with(database, &[("CATALOG", path.to_str().unwrap())]);
        std::fs::remove_file(&path).unwrap();
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        let project = acme.project("Launch");
        let full =
            ada.client.post(&format!("{project}/generations"), json!({ "steps": 101 })).refused(402, "meter_full");
        assert_eq!(full.body["facts"]["max"], 1_000_000);
        let credits = acme.credits().body;
        assert_eq!((&credits["held"], &credits["spent"], &credits["reserved"]), (&json!(0), &json!(0), &json!(0)));
        ada.client.post(&format!("{project}/generations"), json!({ "steps": 100 })).is(202);
    });
}

#[test]
fn a_project_takes_its_storage_with_it_and_asks_who_one_is() {
    each_database(|database| {
        let server = Server::start_with(database, &[("GENERATION_MS", "1")]);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        let project = acme.project("Launch");
        for _ in 0..2 {
            ada.client.post(&format!("{project}/generations"), json!({ "steps": 2 })).is(202);
        }
        until("both are done", Duration::from_secs(10), || {
            acme.credits().body["stored"] == 32_000 && acme.credits().body["held"] == 0
        });
        until("and written down", Duration::from_secs(10), || {
            let listed = ada.client.get(&format!("{project}/generations")).is(200).body;
            listed["items"].as_array().unwrap().iter().all(|it| it["state"] == "done")
        });
        ada.client.keyed("delete").delete(&project).refused(401, "step_up");
        ada.authenticate();
        ada.client.keyed("delete").delete(&project).is(204); // the same request, once it may be
        assert_eq!(acme.credits().body["stored"], 0);
        ada.client.get(&project).refused(404, "unknown_project");
    });
}
