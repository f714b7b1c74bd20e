//! Logs and figures: what whoever runs it sees.

use std::time::Duration;

use serde_json::json;

use crate::support::{Database, Server, sign_up, team, until};

#[test]
fn every_authorization_is_written_down_with_what_was_decided() {
    let database = Database::file();
    let server = Server::start(&database);
    let ada = sign_up(&server, "ada");
    let acme = team(&ada, "free");
    acme.project("Launch");
    ada.client
        .with("x-request-id", "mine-1")
        .post(&format!("{}/ownership", acme.path), json!({ "to": ada.id }))
        .refused(401, "step_up");
    until("it is written down", Duration::from_secs(5), || !server.events("not authorized").is_empty());

    let event = server.events("authorized").pop().unwrap();
    let span = &event["span"];
    assert_eq!(
        (&span["permission"], &span["decision"], &span["code"]),
        (&json!("project.create"), &json!("allow"), &json!("allow"))
    );
    assert!(span["version"].as_str().unwrap().parse::<u64>().unwrap() > 0, "{event}");
    assert!(span["duration_us"].as_str().unwrap().parse::<u64>().is_ok(), "{event}");
    assert_eq!(event["level"], "DEBUG");

    let event = server.events("not authorized").pop().unwrap();
    assert_eq!((&event["span"]["decision"], &event["span"]["code"]), (&json!("step_up"), &json!("step_up")));
    assert_eq!(event["spans"][0]["id"], "mine-1");
    assert_eq!(event["spans"][0]["route"], "/v1/organizations/{organization}/ownership");
}

#[test]
fn a_request_keeps_its_id_and_is_counted() {
    let database = Database::file();
    let server = Server::start(&database);
    let ada = sign_up(&server, "ada");
    assert_eq!(ada.client.with("x-request-id", "mine-2").get("/v1/me").headers["x-request-id"], "mine-2");
    let drawn = ada.client.with("x-request-id", "with spaces in it").get("/v1/me").headers["x-request-id"].clone();
    assert_eq!(drawn.len(), 32, "{drawn}");
    ada.client.get(&format!("/v1/organizations/{}", ada.home)).is(200);
    let figures = server.client().get("/metrics").is(200).body;
    assert!(
        figures.as_str().unwrap().contains("authorization_duration_seconds_count{decision=\"allow\"} 1\n"),
        "{figures}"
    );
    let answered = server.events("answered");
    assert!(answered.iter().any(|event| event["span"]["id"] == "mine-2" && event["status"] == 200), "{answered:?}");
}
