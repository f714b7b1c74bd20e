//! Ending in peace: what was begun is finished, or gives back what it holds.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Server, each_database, sign_up, team};

#[test]
fn generations_that_run_are_finished_and_paid_for() {
    each_database(|database| {
        let mut server = Server::start_with(database, &[("GENERATION_MS", "3000")]);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        let project = acme.project("Launch");
        for _ in 0..5 {
            ada.client.post(&format!("{project}/generations"), json!({ "steps": 1 })).is(202);
        }
        assert_eq!(acme.credits().body["held"], 10);
        server.terminate();
        assert!(server.wait().success());

        let server = Server::start(database);
        let ada = ada.at(&server);
        let listed = ada.client.get(&format!("{project}/generations")).is(200).body;
        let items = listed["items"].as_array().unwrap();
        assert!(items.len() == 5 && items.iter().all(|it| it["state"] == "done"), "{listed}");
        let credits = ada.client.get(&format!("{}/credits", acme.path)).is(200).body;
        assert_eq!((&credits["held"], &credits["spent"], &credits["stored"]), (&json!(0), &json!(5), &json!(40_000)));
    });
}

#[test]
fn what_takes_too_long_gives_back_what_it_holds() {
    each_database(|database| {
        let mut server = Server::start_with(database, &[("GENERATION_MS", "600000"), ("SHUTDOWN_MS", "300")]);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        let project = acme.project("Launch");
        let begun = ada.client.post(&format!("{project}/generations"), json!({ "steps": 5 })).is(202);
        let asked = Instant::now();
        server.terminate();
        assert!(server.wait().success());
        assert!(asked.elapsed() < Duration::from_secs(10));

        let server = Server::start(database);
        let ada = ada.at(&server);
        let generation = ada.client.get(&begun.headers["location"]).is(200).body;
        assert_eq!((&generation["state"], &generation["cost"]), (&json!("failed"), &json!(0)));
        let credits = ada.client.get(&format!("{}/credits", acme.path)).is(200).body;
        assert_eq!((&credits["held"], &credits["spendable"], &credits["reserved"]), (&json!(0), &json!(20), &json!(0)));
    });
}

#[test]
fn what_was_acknowledged_until_the_end_is_there_afterwards() {
    each_database(|database| {
        let mut server = Server::start(database);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        let (path, ended) = (format!("{}/projects", acme.workspace), AtomicBool::new(false));
        let acknowledged: Vec<String> = thread::scope(|scope| {
            let askers: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let (client, mut made) = (ada.client.clone(), Vec::new());
                        while !ended.load(Ordering::Relaxed) {
                            match client.try_post(&path, json!({ "name": "x" })) {
                                Ok(answer) if answer.status == 201 => made.push(answer.text("project")),
                                Ok(answer) => panic!("{answer:?}"),
                                Err(_) => break, // nobody listens any more
                            }
                        }
                        made
                    })
                })
                .collect();
            thread::sleep(Duration::from_millis(300));
            server.terminate();
            assert!(server.wait().success());
            ended.store(true, Ordering::Relaxed);
            askers.into_iter().flat_map(|asker| asker.join().unwrap()).collect()
        });
        assert!(acknowledged.len() > 4, "{}", acknowledged.len());
        let server = Server::start(database);
        let ada = ada.at(&server);
        for project in acknowledged {
            ada.client.get(&format!("{path}/{project}")).is(200);
        }
    });
}
