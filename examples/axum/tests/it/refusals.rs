//! What is refused, and what a refusal gives away.

use serde_json::json;

use crate::support::{Answer, Server, each_database, id_of, sign_up, team};

/// Without what differs between any two answers.
fn told(answer: Answer) -> (u16, String, Option<String>) {
    (answer.status, answer.body.to_string(), answer.headers.get("organization-version").cloned())
}

#[test]
fn a_foreign_organization_answers_as_one_that_does_not_exist() {
    each_database(|database| {
        let server = Server::start(database);
        let (ada, eve) = (sign_up(&server, "ada"), sign_up(&server, "eve"));
        let acme = team(&ada, "free");
        let project = acme.project("Secret");
        let unknown = "/v1/organizations/0190f3c1-7a2b-7c3d-8e4f-5a6b7c8d9e0f";
        let user = json!({ "to": ada.id });
        let asks: [(&str, &str, Option<serde_json::Value>); 12] = [
            ("GET", "", None),
            ("GET", "/members", None),
            ("GET", "/projects", None),
            ("GET", "/credits", None),
            ("GET", "/invitations", None),
            ("GET", "/workspaces", None),
            ("POST", "/invitations", Some(json!({ "address": "x@example.com", "roles": ["viewer"] }))),
            ("POST", "/invitations", Some(json!("not even read"))),
            ("POST", "/workspaces", Some(json!({ "name": "x" }))),
            ("POST", "/ownership", Some(user)),
            ("DELETE", "/membership", None),
            ("GET", "/explanation?permission=organization.view", None),
        ];
        for (method, path, body) in asks {
            let ask = |of: &str| {
                // As late as the version may be that somebody has heard of.
                let client = eve.client.with("organization-version", "3");
                told(client.send(method, &format!("{of}{path}"), body.as_ref().map(ToString::to_string)).unwrap())
            };
            let (foreign, none) = (ask(&acme.path), ask(unknown));
            assert_eq!(foreign, none, "{method} {path}");
            assert_eq!(foreign.0, 404, "{method} {path}: {}", foreign.1);
        }
        // Within a workspace, and with ids that are real.
        let inside = project.strip_prefix(&acme.path).unwrap();
        for (method, path) in [("GET", ""), ("DELETE", ""), ("POST", "/generations"), ("GET", "/generations")] {
            let body = (method == "POST").then(|| json!({ "steps": 1 }).to_string());
            let ask = |of: &str| told(eve.client.send(method, &format!("{of}{inside}{path}"), body.clone()).unwrap());
            assert_eq!(ask(&acme.path), ask(unknown), "{method} {path}");
        }
        // A text that is no id at all is one of nothing, too.
        assert_eq!(told(eve.client.get("/v1/organizations/acme")), told(eve.client.get(&acme.path)));
    });
}

#[test]
fn an_id_of_elsewhere_opens_nothing_in_an_organization_of_ones_own() {
    each_database(|database| {
        let server = Server::start(database);
        let (ada, eve) = (sign_up(&server, "ada"), sign_up(&server, "eve"));
        let (acme, evil) = (team(&ada, "free"), team(&eve, "free"));
        let project = acme.project("Secret");
        let id = id_of(&project);
        eve.client.get(&format!("{}/projects/{id}", evil.workspace)).refused(404, "unknown_project");
        eve.client
            .post(&format!("{}/projects/{id}/generations", evil.workspace), json!({ "steps": 1 }))
            .refused(404, "unknown_project");
        eve.client
            .get(&format!("{}/workspaces/{}/projects/{id}", evil.path, acme.workspace_id))
            .refused(404, "workspace_not_found");
        eve.client.put(&format!("{}/access/{}", evil.workspace, ada.id), json!({})).refused(404, "unknown_person");
        ada.client.get(&project).is(200);
    });
}

#[test]
fn whatever_is_wrong_with_a_request_is_a_problem() {
    each_database(|database| {
        let server = Server::start_with(database, &[("BODY_BYTES_MAX", "4096")]);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        let path = format!("{}/projects", acme.workspace);
        let raw = |body: &str| ada.client.send("POST", &path, Some(body.to_owned())).unwrap();

        raw("{").refused(400, "bad_request");
        raw("{}").refused(422, "bad_body");
        for name in [r"\u0000", "", r"a\nb", "\u{e9}".repeat(200).as_str()] {
            raw(&format!(r#"{{"name":"{name}"}}"#)).refused(422, "bad_body");
        }
        let unknown = raw(r#"{"name":"x","colour":1}"#).refused(422, "bad_body");
        assert!(unknown.text("detail").contains("unknown field `colour`"), "{}", unknown.body);
        raw(&format!(r#"{{"name":"{}"}}"#, "x".repeat(8_000))).refused(413, "body_too_large");
        ada.client.keyed("k").send("POST", &path, Some("x".repeat(8_000))).unwrap().refused(413, "body_too_large");
        ada.client
            .with("content-type", "text/plain")
            .post(&path, json!({ "name": "x" }))
            .refused(415, "wrong_media_type");
        ada.client.keyed("  ").post(&path, json!({ "name": "x" })).refused(400, "bad_request");

        ada.client.get("/v1/nothing").refused(404, "unknown_route");
        ada.client.delete("/v1/me").refused(405, "wrong_method");
        ada.client.get(&format!("{}/projects?limit=x", acme.path)).refused(400, "bad_request");
        ada.client.get(&format!("{}/projects?cursor=%27%20or%201%3D1", acme.path)).refused(400, "bad_request");

        let nobody = server.client();
        let told = nobody.get("/v1/me").refused(401, "no_session");
        assert_eq!(told.headers["www-authenticate"], "Bearer");
        nobody.signed_in("guessed").get("/v1/me").refused(401, "no_session");
        nobody
            .keyed("k")
            .post("/v1/accounts", json!({ "address": "ada@example.com", "name": "x" }))
            .refused(409, "address_taken");
        nobody.post("/v1/accounts", json!({ "address": "nowhere", "name": "x" })).refused(422, "bad_body");

        // Where the type of a problem leads.
        assert_eq!(nobody.get("/problems/seat_limit").is(200).body[0]["number"], 160);
        nobody.get("/problems/nothing").refused(404, "unknown_route");
    });
}

#[test]
fn a_plan_that_is_full_is_paid_for_first() {
    each_database(|database| {
        let server = Server::start(database);
        let ada = sign_up(&server, "ada");
        let acme = team(&ada, "free");
        for name in ["bob", "carl"] {
            acme.join(&sign_up(&server, name), "viewer");
        }
        let dave = sign_up(&server, "dave");
        let body = json!({ "address": dave.address, "roles": ["viewer"] });
        let invited = ada.client.post(&format!("{}/invitations", acme.path), body).is(201);
        let accept = format!("{}/invitations/{}/acceptance", acme.path, invited.text("invitation"));
        let full = dave.client.post(&accept, json!({ "secret": invited.text("secret") })).refused(402, "limit_reached");
        assert_eq!(full.body["facts"], json!({ "limit": "members", "max": 3, "used": 3 }));
        assert_eq!(full.body["number"], 162);
        assert_eq!(full.body["title"], "Limit reached");
    });
}
