//! People: signed up, and together in an organization.

use serde_json::json;

use super::{Answer, Client, Server};

/// Somebody with an account.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) client: Client,
    pub(crate) id: String,
    pub(crate) address: String,
    pub(crate) credential: String,
    /// Their personal organization.
    pub(crate) home: String,
}

/// Signs somebody up.
pub(crate) fn sign_up(server: &Server, name: &str) -> Person {
    let address = format!("{name}@example.com");
    let answer = server.client().post("/v1/accounts", json!({ "address": address, "name": name })).is(201);
    Person {
        client: server.client().signed_in(&answer.text("token")),
        id: answer.text("account"),
        credential: answer.text("credential"),
        home: answer.text("organization"),
        address,
    }
}

impl Person {
    /// Shows again who they are.
    pub(crate) fn authenticate(&self) {
        self.client.post("/v1/session/authentication", json!({ "credential": self.credential })).is(204);
    }

    /// At another process.
    pub(crate) fn at(&self, server: &Server) -> Self {
        Self { client: self.client.at(&server.client()), ..self.clone() }
    }
}

/// An organization with its first workspace and an owner.
pub(crate) struct Team {
    pub(crate) owner: Person,
    /// Its path.
    pub(crate) path: String,
    /// The path of its first workspace.
    pub(crate) workspace: String,
    /// The id of that.
    pub(crate) workspace_id: String,
}

/// Makes an organization on a plan.
pub(crate) fn team(owner: &Person, plan: &str) -> Team {
    let made = owner.client.post("/v1/organizations", json!({ "name": "Acme", "plan": plan, "seats": 2 })).is(201);
    let path = format!("/v1/organizations/{}", made.text("organization"));
    let workspace_id = made.text("workspace");
    Team { owner: owner.clone(), workspace: format!("{path}/workspaces/{workspace_id}"), path, workspace_id }
}

impl Team {
    /// Invites somebody, who accepts.
    pub(crate) fn join(&self, who: &Person, role: &str) {
        let workspaces = json!([{ "workspace": self.workspace_id }]);
        let body = json!({ "address": who.address, "roles": [role], "workspaces": workspaces });
        let invited = self.owner.client.post(&format!("{}/invitations", self.path), body).is(201);
        let accept = format!("{}/invitations/{}/acceptance", self.path, invited.text("invitation"));
        who.client.post(&accept, json!({ "secret": invited.text("secret") })).is(204);
    }

    /// Makes a project in the first workspace, and says where it is.
    pub(crate) fn project(&self, name: &str) -> String {
        let made = self.owner.client.post(&format!("{}/projects", self.workspace), json!({ "name": name })).is(201);
        format!("{}/projects/{}", self.workspace, made.text("project"))
    }

    /// What is left of credits and storage.
    pub(crate) fn credits(&self) -> Answer {
        self.owner.client.get(&format!("{}/credits", self.path)).is(200)
    }
}

/// The last part of a path.
pub(crate) fn id_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
