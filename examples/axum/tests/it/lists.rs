//! Lists: what somebody may see, in pages.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{Client, Server, each_database, sign_up, team};

/// Every item, page by page; each page as large as it may be but for the last one.
fn all(client: &Client, path: &str, limit: usize) -> Vec<Value> {
    let (mut items, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}?limit={limit}{cursor}")).is(200).body;
        let found = page["items"].as_array().unwrap().clone();
        assert!(found.len() <= limit);
        items.extend(found.iter().cloned());
        match page["next"].as_str() {
            Some(next) => {
                assert_eq!(found.len(), limit);
                cursor = format!("&cursor={next}");
            }
            None => return items,
        }
    }
}

fn names(items: &[Value]) -> BTreeSet<&str> {
    items.iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[test]
fn everybody_sees_the_projects_that_they_may_view() {
    each_database(|database| {
        let server = Server::start(database);
        let (ada, bob) = (sign_up(&server, "ada"), sign_up(&server, "bob"));
        let (acme, other) = (team(&ada, "free"), team(&ada, "free"));
        let lab =
            ada.client.post(&format!("{}/workspaces", acme.path), json!({ "name": "Lab" })).is(201).text("workspace");
        for n in 0..5 {
            acme.project(&format!("general {n}"));
            ada.client
                .post(&format!("{}/workspaces/{lab}/projects", acme.path), json!({ "name": format!("lab {n}") }))
                .is(201);
            other.project(&format!("elsewhere {n}"));
        }
        let path = format!("{}/projects", acme.path);
        let everything = all(&ada.client, &path, 3);
        assert_eq!((everything.len(), names(&everything).len()), (10, 10));

        // Bob is assigned to the first workspace alone, and then to none.
        acme.join(&bob, "viewer");
        let general: BTreeSet<String> = (0..5).map(|n| format!("general {n}")).collect();
        let seen = all(&bob.client, &path, 2);
        assert_eq!(names(&seen), general.iter().map(String::as_str).collect());
        ada.client.delete(&format!("{}/access/{}", acme.workspace, bob.id)).is(204);
        assert_eq!(all(&bob.client, &path, 2), [json!(null); 0]);

        let organizations = all(&ada.client, "/v1/organizations", 1);
        assert_eq!(organizations.len(), 3);
        let workspaces = all(&ada.client, &format!("{}/workspaces", acme.path), 1);
        assert_eq!(names(&workspaces), ["General", "Lab"].into());
        let members = all(&ada.client, &format!("{}/members", acme.path), 1);
        assert_eq!(names(&members), ["ada", "bob"].into());
    });
}
