//! The extractor that asks the crate: `Authorized<CreateProjects>` is somebody who may create projects in the workspace of the path.

use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bailiwick::access::{Decision, Facts};
use bailiwick::change::Context;
use bailiwick::{Actor, OrgId, Version};
use tracing::field::{Empty, display};
use tracing::{Instrument, Span, info_span};

use super::place::place_of;
use super::{Needs, Place, Session};
use crate::app::{App, Shared};
use crate::http::{Own, Problem, VERSION};
use crate::idempotency::Operation;

/// Somebody who has this permission at the place of the path, now. There is no other way to come by one.
#[derive(Debug)]
pub(crate) struct Authorized<P: Needs> {
    /// Who.
    pub(crate) session: Session,
    /// Where.
    pub(crate) place: P::Place,
    /// What is known of the moment.
    pub(crate) facts: Facts<'static>,
    /// The version of the organization that answered.
    pub(crate) version: Version,
}

impl<P: Needs> Authorized<P> {
    pub(crate) fn organization(&self) -> OrgId {
        self.place.organization()
    }

    pub(crate) fn actor(&self) -> Actor {
        self.session.actor()
    }

    /// Their name under a command, and the id under which it is carried out once.
    pub(crate) fn context(&self, operation: &Operation) -> Context<'static> {
        self.facts.by(self.actor()).as_command(operation.command)
    }
}

impl<P: Needs> FromRequestParts<Shared> for Authorized<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let session = Session::from_request_parts(parts, app).await?;
        let place: P::Place = place_of(parts).await?;
        let organization = place.organization();
        let wanted = wanted_version(parts);
        let span = info_span!(
            "authorization",
            permission = P::KEY, %organization, user = %session.account,
            decision = Empty, code = Empty, version = Empty, duration_us = Empty,
        );
        let facts = session.facts();
        let version = ask::<P>(app, &session, &place, &facts, wanted).instrument(span).await?;
        Ok(Self { session, place, facts, version })
    }
}

/// Asks the crate, and writes down what it has said.
async fn ask<P: Needs>(
    app: &App,
    session: &Session,
    place: &P::Place,
    facts: &Facts<'_>,
    wanted: Version,
) -> Result<Version, Problem> {
    let (organization, permission) = (place.organization(), app.permissions[P::PERMISSION]);
    if wanted > Version::ZERO {
        // Whoever has seen a version is answered from that one on. What comes of it, strangers are not told.
        let _ = app.tenants.at_least(organization, wanted).await;
    }
    let begun = Instant::now();
    let access = app.tenants.access(organization, session.actor(), place.target(), facts).await?;
    let (decision, version) = (access.check(permission), access.version());
    let took = begun.elapsed();
    app.metrics.authorized(decision, took);
    record(decision, version, took.as_micros());
    match Problem::of_decision(decision, app.tenants.catalog()) {
        Some(problem) => Err(problem),
        None if version < wanted => Err(Problem::of(Own::BEHIND)),
        None => Ok(version),
    }
}

/// An event of every authorization: of a yes for those who look closely, of everything else for everybody.
fn record(decision: Decision, version: Version, micros: u128) {
    let word = match decision {
        Decision::Allow => "allow",
        Decision::Deny(_) => "deny",
        Decision::StepUp(_) => "step_up",
    };
    let span = Span::current();
    span.record("decision", word).record("code", decision.code());
    span.record("version", display(version)).record("duration_us", display(micros));
    if decision.is_allow() {
        tracing::debug!("authorized");
    } else {
        tracing::info!("not authorized");
    }
}

/// The version that the request wants to be answered from, at least; zero for any.
fn wanted_version(parts: &Parts) -> Version {
    let header = parts.headers.get(VERSION).and_then(|value| value.to_str().ok());
    Version::from_u64(header.and_then(|text| text.parse().ok()).unwrap_or_default())
}
