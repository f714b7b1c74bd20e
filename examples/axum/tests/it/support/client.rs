//! Somebody who asks over HTTP. Whatever is answered is compared with the document of the interface.

use std::collections::BTreeMap;

use serde_json::Value;
use ureq::Agent;
use ureq::http::Request;

use super::Document;

/// Somebody, with the headers of their requests.
#[derive(Clone)]
pub(crate) struct Client {
    agent: Agent,
    base: String,
    headers: BTreeMap<&'static str, String>,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
}

impl Client {
    pub(crate) fn new(base: String) -> Self {
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        Self { agent, base, headers: BTreeMap::new() }
    }

    /// The same, at another process.
    pub(crate) fn at(&self, other: &Self) -> Self {
        Self { base: other.base.clone(), ..self.clone() }
    }

    /// The same, with a header more.
    pub(crate) fn with(&self, header: &'static str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.insert(header, value.to_owned());
        Self { headers, ..self.clone() }
    }

    /// With a session.
    pub(crate) fn signed_in(&self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    /// With an idempotency key.
    pub(crate) fn keyed(&self, key: &str) -> Self {
        self.with("idempotency-key", key)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Answer {
        self.try_post(path, body).unwrap()
    }

    /// The same, where the process may die meanwhile.
    pub(crate) fn try_post(&self, path: &str, body: Value) -> Result<Answer, ureq::Error> {
        self.send("POST", path, Some(body.to_string()))
    }

    pub(crate) fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body.to_string())).unwrap()
    }

    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).unwrap()
    }

    /// Whatever the body is.
    pub(crate) fn send(&self, method: &str, path: &str, body: Option<String>) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.base));
        if body.is_some() && !self.headers.contains_key("content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let mut response = match body {
            Some(body) => self.agent.run(request.body(body)?)?,
            None => self.agent.run(request.body(())?)?,
        };
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
        let (status, text) = (response.status().as_u16(), response.body_mut().read_to_string()?);
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        let answer = Answer { status, headers, body };
        Document::compare(method, path, &answer);
        Ok(answer)
    }
}

impl Answer {
    /// As it is expected.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// A problem with this status and code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        assert_eq!((self.status, self.body["code"].as_str()), (status, Some(code)), "{}", self.body);
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(self.body["type"], format!("/problems/{code}"));
        self
    }

    /// A text in the body.
    #[track_caller]
    pub(crate) fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_else(|| panic!("no `{field}` in {}", self.body)).to_owned()
    }
}
