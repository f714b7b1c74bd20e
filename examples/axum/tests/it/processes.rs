//! Two processes over one database: what one has changed, the other knows in time.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Server, each_database, sign_up, team, until};

/// How long it may take until another process knows: it follows each 100 ms, and promises to answer nothing that is older than this.
const BOUND: Duration = Duration::from_secs(5);

#[test]
fn what_is_taken_in_one_is_refused_in_the_other() {
    each_database(|database| {
        let (here, there) = (Server::start(database), Server::start(database));
        let (ada, bob) = (sign_up(&here, "ada"), sign_up(&there, "bob"));
        let acme = team(&ada, "free");
        acme.join(&bob.at(&here), "editor");
        let path = format!("{}/projects", acme.workspace);
        let create = || bob.client.post(&path, json!({ "name": "x" })).status;
        until("Bob may at the other process", BOUND, || create() == 201);

        let begun = Instant::now();
        ada.client.put(&format!("{}/members/{}/roles", acme.path, bob.id), json!({ "roles": ["viewer"] })).is(204);
        until("Bob may no more", BOUND, || create() == 403);
        eprintln!("seen by the other process {:?} after it was asked for, over {}", begun.elapsed(), database.url);

        // Gone is gone there as well, and to somebody who is gone there is no such organization.
        ada.client.delete(&format!("{}/members/{}", acme.path, bob.id)).is(204);
        until("Bob is nobody", BOUND, || {
            bob.client.get(&path.replace("/projects", "")).status == 404 && create() == 404
        });
    });
}

#[test]
fn whoever_has_seen_a_version_is_answered_from_that_one_on() {
    each_database(|database| {
        // The second one follows nobody by itself.
        let here = Server::start(database);
        let there = Server::start_with(database, &[("FOLLOW_MS", "600000"), ("STALE_MS", "600000")]);
        let (ada, bob) = (sign_up(&here, "ada"), sign_up(&here, "bob"));
        let acme = team(&ada, "free");
        acme.join(&bob, "viewer");
        let project = acme.project("Launch");
        let late = bob.at(&there).client;
        late.get(&project).is(200);
        let taken = ada.client.delete(&format!("{}/access/{}", acme.workspace, bob.id)).is(204);
        let version = &taken.headers["organization-version"];
        late.get(&project).is(200);
        late.with("organization-version", version).get(&project).refused(403, "not_granted");
        late.get(&project).refused(403, "not_granted");
        late.with("organization-version", "999").get(&acme.path).refused(503, "behind");
    });
}

#[test]
fn a_process_that_cannot_follow_answers_nothing() {
    each_database(|database| {
        let server = Server::start_with(database, &[("FOLLOW_MS", "600000"), ("STALE_MS", "4000")]);
        let ada = sign_up(&server, "ada");
        ada.client.get(&format!("/v1/organizations/{}", ada.home)).is(200);
        server.client().get("/health/ready").is(200);
        let path = format!("/v1/organizations/{}", ada.home);
        until("it is too old", Duration::from_secs(15), || ada.client.get(&path).status == 503);
        let stale = ada.client.get(&path).refused(503, "store_stale");
        assert_eq!(stale.headers["retry-after"], "1");
        assert_eq!(server.client().get("/health/ready").is(503).body["status"], "unreachable");
        server.client().get("/health/live").is(200);
    });
}
