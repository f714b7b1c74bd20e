//! Repetitions: answered as before, and carried out once.

use std::thread;

use serde_json::{Value, json};

use crate::support::{Server, each_database, sign_up, team};

fn projects(of: &crate::support::Team) -> usize {
    of.owner.client.get(&format!("{}/projects", of.path)).is(200).body["items"].as_array().unwrap().len()
}

#[test]
fn a_repetition_is_answered_as_before_and_another_request_is_not() {
    each_database(|database| {
        let server = Server::start(database);
        let (ada, bob) = (sign_up(&server, "ada"), sign_up(&server, "bob"));
        let acme = team(&ada, "free");
        let path = format!("{}/projects", acme.workspace);
        let keyed = ada.client.keyed("\"one\"");
        let first = keyed.post(&path, json!({ "name": "Launch" })).is(201);
        let second = keyed.post(&path, json!({ "name": "Launch" })).is(201);
        assert_eq!((&second.body, &second.headers["location"]), (&first.body, &first.headers["location"]));
        assert_eq!(second.headers["idempotency-replayed"], "true");
        assert!(!first.headers.contains_key("idempotency-replayed"));
        keyed.post(&path, json!({ "name": "Other" })).refused(422, "idempotency_key_reused");
        keyed
            .post(&format!("{}/workspaces", acme.path), json!({ "name": "Launch" }))
            .refused(422, "idempotency_key_reused");
        assert_eq!(projects(&acme), 1);

        // Somebody else's key is another one.
        acme.join(&bob, "editor");
        let of_bob = bob.client.keyed("one").post(&path, json!({ "name": "Launch" })).is(201);
        assert_ne!(of_bob.body["project"], first.body["project"]);
        assert_eq!(projects(&acme), 2);
    });
}

#[test]
fn a_process_that_died_before_it_kept_its_answer_has_done_it_once() {
    each_database(|database| {
        let server = Server::start(database);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        let project = acme.project("Launch");
        let asks: [(&str, String, Value, u16); 4] = [
            ("workspace", format!("{}/workspaces", acme.path), json!({ "name": "Lab" }), 201),
            ("project", format!("{}/projects", acme.workspace), json!({ "name": "Second" }), 201),
            ("generation", format!("{project}/generations"), json!({ "steps": 4 }), 202),
            ("organization", "/v1/organizations".to_owned(), json!({ "name": "Second", "plan": "free" }), 201),
        ];
        let first: Vec<_> = asks
            .iter()
            .map(|(key, path, body, status)| ada.client.keyed(key).post(path, body.clone()).is(*status))
            .collect();

        // As if it were being carried out, and then as if whoever did that had died.
        database.tamper("update app_request set status = null, leased = 9000000000000000");
        for (key, path, body, _) in &asks {
            let running = ada.client.keyed(key).post(path, body.clone()).refused(409, "still_running");
            assert_eq!(running.headers["retry-after"], "1");
        }
        database.tamper("update app_request set leased = 1");
        for ((key, path, body, status), first) in asks.iter().zip(&first) {
            let again = ada.client.keyed(key).post(path, body.clone()).is(*status);
            let id = |answer: &crate::support::Answer| answer.body[*key].clone();
            assert!(!id(&again).is_null() && id(&again) == id(first), "{key}: {} and {}", again.body, first.body);
            assert!(!again.headers.contains_key("idempotency-replayed"));
        }
        assert_eq!(projects(&acme), 2);
        let workspaces = ada.client.get(&format!("{}/workspaces", acme.path)).is(200).body;
        assert_eq!(workspaces["items"].as_array().unwrap().len(), 2);
        let credits = acme.credits().body;
        let taken = credits["held"].as_u64().unwrap() + credits["spent"].as_u64().unwrap();
        assert!(taken == 8 || taken == 4, "one generation, running or done: {credits}");
        let organizations = ada.client.get("/v1/organizations").is(200).body;
        assert_eq!(organizations["items"].as_array().unwrap().len(), 3);
    });
}

#[test]
fn a_secret_is_the_same_in_a_repetition_and_kept_nowhere() {
    each_database(|database| {
        let server = Server::start(database);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        let (path, body) =
            (format!("{}/invitations", acme.path), json!({ "address": "bob@example.com", "roles": ["viewer"] }));
        let keyed = ada.client.keyed("invite");
        let first = keyed.post(&path, body.clone()).is(201);
        let second = keyed.post(&path, body.clone()).is(201);
        assert_eq!(first.body, second.body);
        keyed
            .post(&path, json!({ "address": "eve@example.com", "roles": ["viewer"] }))
            .refused(422, "idempotency_key_reused");
        let secret = first.text("secret");
        assert_eq!(database.tamper(&format!("update app_request set leased = 0 where body like '%{secret}%'")), 0);
        assert_eq!(ada.client.get(&path).is(200).body["items"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn of_many_at_once_one_is_carried_out() {
    each_database(|database| {
        let servers = [Server::start(database), Server::start(database)];
        let ada = sign_up(&servers[0], "ada");
        let acme = team(&ada, "free");
        let project = acme.project("Launch");
        let path = format!("{project}/generations");
        let askers: Vec<_> = (0..8)
            .map(|n| {
                let (client, path) = (ada.at(&servers[n % 2]).client.keyed("once"), path.clone());
                thread::spawn(move || client.post(&path, json!({ "steps": 2 })))
            })
            .collect();
        let answers: Vec<_> = askers.into_iter().map(|asker| asker.join().unwrap()).collect();
        assert!(answers.iter().any(|answer| answer.status == 202), "{answers:?}");
        assert!(
            answers.iter().all(|answer| answer.status == 202 || answer.body["code"] == "still_running"),
            "{answers:?}"
        );
        let listed = ada.client.get(&path).is(200).body;
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    });
}
