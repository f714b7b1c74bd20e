//! Somebody in an organization of twenty, and what they ask for.

use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use super::server::Server;

/// Members of the organization.
const MEMBERS: usize = 20;

/// Projects in its workspace.
const PROJECTS: usize = 200;

/// A request that is sent again and again, and what it is answered.
pub(crate) struct Ask {
    method: &'static str,
    path: String,
    token: String,
    body: Option<Value>,
    status: u16,
}

impl Ask {
    /// Sends it; an answer of another kind would not be what is measured.
    pub(crate) fn send(&self, agent: &Agent, server: &Server) -> Value {
        let mut request = Request::builder().method(self.method).uri(format!("http://{}{}", server.address, self.path));
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let response = match &self.body {
            Some(body) => agent.run(request.header("content-type", "application/json").body(body.to_string()).unwrap()),
            None => agent.run(request.body(()).unwrap()),
        };
        let mut response = response.unwrap();
        let (status, text) = (response.status().as_u16(), response.body_mut().read_to_string().unwrap());
        assert_eq!(status, self.status, "{} {}: {text}", self.method, self.path);
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// An owner and a viewer in an organization with some projects.
pub(crate) struct World {
    owner: String,
    viewer: String,
    organization: String,
    workspace: String,
    project: String,
}

impl World {
    pub(crate) fn make(server: &Server) -> Self {
        let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
        let post = |token: &str, path: String, body: Value, status: u16| {
            Ask { method: "POST", path, token: token.to_owned(), body: Some(body), status }.send(&agent, server)
        };
        let text = |value: &Value, field: &str| value[field].as_str().unwrap().to_owned();
        let sign_up = |n: usize| {
            let address = format!("user-{n}@example.com");
            (text(&post("", "/v1/accounts".into(), json!({ "address": address, "name": "x" }), 201), "token"), address)
        };
        let (owner, _) = sign_up(0);
        let made = post(&owner, "/v1/organizations".into(), json!({ "name": "Load", "plan": "scale" }), 201);
        let organization = format!("/v1/organizations/{}", text(&made, "organization"));
        let workspace = format!("{organization}/workspaces/{}", text(&made, "workspace"));
        let mut viewer = String::new();
        for n in 1..MEMBERS {
            let (token, address) = sign_up(n);
            let promised = json!([{ "workspace": text(&made, "workspace") }]);
            let invitation = json!({ "address": address, "roles": ["viewer"], "workspaces": promised });
            let invited = post(&owner, format!("{organization}/invitations"), invitation, 201);
            let path = format!("{organization}/invitations/{}/acceptance", text(&invited, "invitation"));
            post(&token, path, json!({ "secret": text(&invited, "secret") }), 204);
            viewer = token;
        }
        let mut project = String::new();
        for n in 0..PROJECTS {
            let made = post(&owner, format!("{workspace}/projects"), json!({ "name": format!("project {n}") }), 201);
            project = format!("{workspace}/projects/{}", text(&made, "project"));
        }
        Self { owner, viewer, organization, workspace, project }
    }

    /// What is asked for, and as what.
    pub(crate) fn asks(&self) -> Vec<(&'static str, Ask)> {
        let get = |path: String| Ask { method: "GET", path, token: self.viewer.clone(), body: None, status: 200 };
        let post = |token: &String, path: String, body: Value, status: u16| Ask {
            method: "POST",
            path,
            token: token.clone(),
            body: Some(body),
            status,
        };
        let (projects, name) = (format!("{}/projects", self.workspace), json!({ "name": "x" }));
        let generations = format!("{}/generations", self.project);
        vec![
            ("a project is looked at", get(self.project.clone())),
            (
                "50 projects of 200 are listed, as far as they may be seen",
                get(format!("{}/projects", self.organization)),
            ),
            ("a viewer makes a project, and may not", post(&self.viewer, projects.clone(), name.clone(), 403)),
            ("an owner makes a project", post(&self.owner, projects, name, 201)),
            (
                "an owner generates something: held, stored, settled",
                post(&self.owner, generations, json!({ "steps": 1 }), 202),
            ),
        ]
    }
}
