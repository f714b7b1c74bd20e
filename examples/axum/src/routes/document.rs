//! The document of the interface, in OpenAPI 3.1.

use aide::axum::ApiRouter;
use aide::openapi::{Info, OpenApi, ReferenceOr, SecurityScheme};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

use crate::app::Shared;
use crate::may::SCHEME;

/// The routes, with their document among them.
pub(super) fn finish(routes: ApiRouter<Shared>) -> Router<Shared> {
    let mut document = OpenApi {
        info: Info {
            title: "Workshop".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            description: Some("Projects in workspaces of organizations, and generations that cost credits.".to_owned()),
            ..Info::default()
        },
        ..OpenApi::default()
    };
    let router = routes.finish_api(&mut document);
    let scheme = SecurityScheme::Http {
        scheme: "bearer".to_owned(),
        bearer_format: None,
        description: Some("The token of a session.".to_owned()),
        extensions: Default::default(),
    };
    let components = document.components.get_or_insert_with(Default::default);
    components.security_schemes.insert(SCHEME.to_owned(), ReferenceOr::Item(scheme));
    let text = serde_json::to_string_pretty(&document).unwrap_or_default();
    router.route("/openapi.json", get(async move || ([(CONTENT_TYPE, "application/json")], text.clone())))
}
