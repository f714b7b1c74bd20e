//! The extractor for lists: `Filtered<ViewProjects>` is somebody of the organization, with the rows of it that they may view.

use std::marker::PhantomData;
use std::time::Instant;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bailiwick::Version;
use bailiwick::filter::Filter;

use super::place::place_of;
use super::{InOrganization, Needs, Session};
use crate::app::Shared;
use crate::http::Problem;

/// Which rows of an organization somebody has this permission for.
#[derive(Debug)]
pub(crate) struct Filtered<P: Needs> {
    pub(crate) filter: Filter,
    permission: PhantomData<P>,
}

impl<P: Needs> FromRequestParts<Shared> for Filtered<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        let session = Session::from_request_parts(parts, app).await?;
        let InOrganization { organization } = place_of(parts).await?;
        let permission = app.permissions[P::PERMISSION];
        let begun = Instant::now();
        let filter = app.tenants.filter(organization, session.actor(), permission, &session.facts()).await?;
        app.metrics.filtered(begun.elapsed());
        if filter.version == Version::ZERO {
            return Err(Problem::not_found()); // which is what strangers are told
        }
        Ok(Self { filter, permission: PhantomData })
    }
}
