//! Ending without being asked: what was promised is given back, and what is repeated is not done twice.

use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::support::{Server, each_database, sign_up, team, until};

#[test]
fn a_generation_whose_process_is_killed_gives_back_what_it_held() {
    each_database(|database| {
        let settings = [("GENERATION_MS", "600000"), ("HOLD_MS", "4000")];
        let mut server = Server::start_with(database, &settings);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        let project = acme.project("Launch");
        let begun = ada.client.post(&format!("{project}/generations"), json!({ "steps": 5 })).is(202);
        server.kill();

        let server = Server::start_with(database, &settings);
        let ada = ada.at(&server);
        let path = &begun.headers["location"];
        until("it is told to have failed", Duration::from_secs(30), || {
            ada.client.get(path).is(200).text("state") == "failed"
        });
        let credits = ada.client.get(&format!("{}/credits", acme.path)).is(200).body;
        assert_eq!((&credits["held"], &credits["spendable"], &credits["reserved"]), (&json!(0), &json!(20), &json!(0)));
    });
}

#[test]
fn requests_that_are_cut_off_anywhere_are_carried_out_once() {
    each_database(|database| {
        let settings = [("REQUEST_TIMEOUT_MS", "200"), ("GENERATION_MS", "1"), ("HOLD_MS", "2500")];
        let server = Server::start_with(database, &settings);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        let project = acme.project("Launch");
        let path = format!("{project}/generations");
        drop(server);
        for moment in 0..6_u64 {
            // Killed a little later each time, somewhere in a request.
            let mut server = Server::start_with(database, &settings);
            let client = ada.at(&server).client.keyed(&format!("moment {moment}"));
            let asker = thread::spawn({
                let path = path.clone();
                move || client.try_post(&path, json!({ "steps": 1 })).ok()
            });
            thread::sleep(Duration::from_millis(moment.saturating_mul(4)));
            server.kill();
            let _ = asker.join();
        }
        let server = Server::start_with(database, &settings);
        let ada = ada.at(&server);
        for moment in 0..6 {
            let client = ada.client.keyed(&format!("moment {moment}"));
            let mut last = None;
            until("the lease of the process that was killed is over", Duration::from_secs(10), || {
                let answer = client.post(&path, json!({ "steps": 1 }));
                let is_over = !["still_running", "timeout"].contains(&answer.body["code"].as_str().unwrap_or_default());
                last = Some(answer);
                is_over
            });
            // What held for too long may be over by now. Begun again it was not.
            let answer = last.unwrap();
            assert!(answer.status == 202 || answer.body["code"] == "ended", "{answer:?}");
        }
        until("nothing runs", Duration::from_secs(15), || {
            let listed = ada.client.get(&path).is(200).body;
            listed["items"].as_array().unwrap().iter().all(|it| it["state"] != "running")
        });
        let listed = ada.client.get(&path).is(200).body;
        let items = listed["items"].as_array().unwrap();
        assert!(items.len() <= 6, "{listed}");
        let (cost, bytes) = items.iter().fold((0, 0), |(cost, bytes), it| {
            (cost + it["cost"].as_u64().unwrap(), bytes + it["bytes"].as_u64().unwrap())
        });
        until("nothing is held", Duration::from_secs(15), || {
            let credits = ada.client.get(&format!("{}/credits", acme.path)).is(200).body;
            (&credits["held"], &credits["reserved"]) == (&json!(0), &json!(0))
        });
        let credits = ada.client.get(&format!("{}/credits", acme.path)).is(200).body;
        assert_eq!((&credits["spent"], &credits["stored"]), (&json!(cost), &json!(bytes)), "{listed}");
    });
}
