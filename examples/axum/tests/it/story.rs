//! One story from the first account to the handing over of an organization.

use serde_json::json;

use crate::support::{Server, each_database, sign_up, team};

#[test]
fn a_team_is_founded_works_and_changes_hands() {
    each_database(|database| {
        let server = Server::start(database);
        let (ada, bob) = (sign_up(&server, "ada"), sign_up(&server, "bob"));
        let acme = team(&ada, "free");

        // Ada's organizations: her own, and the one that she has made.
        let listed = ada.client.get("/v1/organizations").is(200);
        let mut kinds: Vec<&str> =
            listed.body["items"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["personal", "team"]);

        // Bob is nobody there, until he is invited and accepts.
        bob.client.get(&acme.path).refused(404, "not_found");
        acme.join(&bob, "viewer");
        let there = bob.client.get(&acme.path).is(200);
        assert!(there.body["may"].as_array().unwrap().contains(&json!("member.view")), "{}", there.body);
        let members = ada.client.get(&format!("{}/members", acme.path)).is(200);
        assert_eq!(members.body["items"].as_array().unwrap().len(), 2);
        assert!(
            members.body["items"]
                .as_array()
                .unwrap()
                .iter()
                .any(|it| it["address"] == bob.address && it["roles"] == json!(["viewer"]))
        );

        // A viewer looks; in this workspace Ada lets him do more, by another role and without generating.
        let project = acme.project("Launch");
        bob.client.get(&project).is(200);
        bob.client.post(&format!("{}/projects", acme.workspace), json!({ "name": "No" })).refused(403, "not_granted");
        let access = format!("{}/access/{}", acme.workspace, bob.id);
        ada.client.put(&access, json!({ "role": "editor", "removed": ["generation.run"] })).is(204);
        bob.client.post(&format!("{}/projects", acme.workspace), json!({ "name": "Yes" })).is(201);
        bob.client.post(&format!("{project}/generations"), json!({ "steps": 1 })).refused(403, "removed_by_override");
        let why = bob
            .client
            .get(&format!("{}/explanation?permission=generation.run&workspace={}", acme.path, acme.workspace_id))
            .is(200);
        assert_eq!(why.body["decision"]["code"], "removed_by_override");

        // Nobody gives what they do not hold, and nobody makes an owner but an owner.
        bob.client.put(&access, json!({})).refused(403, "not_granted");
        ada.client.put(&format!("{}/members/{}/roles", acme.path, bob.id), json!({ "roles": ["admin"] })).is(204);
        let eve = json!({ "address": "eve@example.com", "roles": ["owner"] });
        bob.client.post(&format!("{}/invitations", acme.path), eve).refused(403, "owners_only");

        // The last owner stays, unless somebody takes her place: for which she proves again who she is.
        ada.client.delete(&format!("{}/membership", acme.path)).refused(409, "last_owner");
        let heir = json!({ "to": bob.id });
        let ownership = format!("{}/ownership", acme.path);
        let challenged = ada.client.post(&ownership, heir.clone()).refused(401, "step_up");
        let challenge = r#"Bearer error="insufficient_user_authentication", max_age="900""#;
        assert_eq!(challenged.headers["www-authenticate"], challenge);
        assert_eq!(challenged.body["facts"]["authentication_within"], "15m");
        ada.authenticate();
        ada.client.post(&ownership, heir).is(204);
        ada.client.delete(&format!("{}/membership", acme.path)).is(204);
        ada.client.get(&acme.path).refused(404, "not_found");
    });
}

#[test]
fn invitations_are_answered_with_the_secret_and_in_no_other_way() {
    each_database(|database| {
        let server = Server::start(database);
        let (ada, bob) = (sign_up(&server, "ada"), sign_up(&server, "bob"));
        let acme = team(&ada, "free");
        let invitations = format!("{}/invitations", acme.path);
        let invite =
            |address: &str| ada.client.post(&invitations, json!({ "address": address, "roles": ["viewer"] })).is(201);
        let invited = invite(&bob.address);
        let path = format!("{invitations}/{}", invited.text("invitation"));

        // The wrong secret is told nothing, whoever holds it.
        bob.client.post(&format!("{path}/acceptance"), json!({ "secret": "guessed" })).refused(404, "not_found");
        let eve = sign_up(&server, "eve");
        let link = json!({ "secret": invited.text("secret") });
        eve.client.post(&format!("{path}/acceptance"), link.clone()).refused(409, "address_mismatch");

        let open = ada.client.get(&invitations).is(200);
        assert_eq!(open.body["items"][0]["address"], bob.address);
        assert!(!open.body.to_string().contains(&invited.text("secret")));
        ada.client.delete(&path).is(204);
        bob.client.post(&format!("{path}/acceptance"), link).refused(409, "invitation_closed");

        let again = invite(&bob.address);
        let path = format!("{invitations}/{}", again.text("invitation"));
        bob.client.post(&format!("{path}/refusal"), json!({ "secret": again.text("secret") })).is(204);
        assert_eq!(ada.client.get(&invitations).is(200).body["items"], json!([]));
    });
}

#[test]
fn a_session_ends_when_it_is_told_to() {
    each_database(|database| {
        let server = Server::start(database);
        let ada = sign_up(&server, "ada");
        let wrong = json!({ "address": ada.address, "credential": "guessed" });
        server.client().post("/v1/sessions", wrong).refused(401, "wrong_credential");
        let again = json!({ "address": "ADA@Example.com", "credential": ada.credential });
        let signed_in = server.client().post("/v1/sessions", again).is(201);
        assert_eq!(signed_in.text("organization"), ada.home);
        let session = server.client().signed_in(&signed_in.text("token"));
        assert_eq!(session.get("/v1/me").is(200).text("name"), "ada");
        session.delete("/v1/session").is(204);
        session.get("/v1/me").refused(401, "no_session");
        ada.client.get("/v1/me").is(200);
    });
}
