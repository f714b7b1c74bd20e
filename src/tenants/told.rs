//! What is told to `tracing` (feature `tracing`; without it nothing, and nothing is paid for it).

#[cfg(feature = "tracing")]
use core::future::Future;

#[cfg(feature = "tracing")]
use super::TenantsError;
#[cfg(feature = "tracing")]
use crate::store::StoreError;

/// Does something inside a span of its name with these fields, to which `code` is added when it is done.
macro_rules! told {
    ($name:literal { $($field:ident = $value:expr),* }, $doing:expr) => {{
        #[cfg(feature = "tracing")]
        let doing = {
            use tracing::field::Empty;
            let span = tracing::debug_span!(target: "bailiwick", $name, $($field = %$value,)* version = Empty, code = Empty);
            // On the heap, so that whoever awaits it does not grow by it.
            $crate::tenants::told::inside(span, std::boxed::Box::pin($doing))
        };
        #[cfg(not(feature = "tracing"))]
        let doing = $doing;
        doing.await
    }};
}

/// Adds the version to the span that something is done in.
macro_rules! told_version {
    ($version:expr) => {{
        #[cfg(feature = "tracing")]
        if let Some(version) = Option::<$crate::version::Version>::from($version) {
            tracing::Span::current().record("version", version.as_u64());
        }
    }};
}

/// Tells an answer, to those who want to know every one.
macro_rules! told_answer {
    ($name:literal { $($field:ident = $value:expr),* }) => {{
        #[cfg(feature = "tracing")]
        tracing::trace!(target: "bailiwick", $($field = %$value,)* $name);
    }};
}

pub(super) use {told, told_answer, told_version};

/// What an answer is called: `ok`, or the code of why not.
#[cfg(feature = "tracing")]
pub(super) trait Coded {
    fn word(&self) -> &'static str;
}

#[cfg(feature = "tracing")]
impl Coded for StoreError {
    fn word(&self) -> &'static str {
        self.code()
    }
}

#[cfg(feature = "tracing")]
impl Coded for TenantsError {
    fn word(&self) -> &'static str {
        match self {
            Self::Store(error) => error.code(),
            other => other.code().unwrap_or(Self::CONTENDED.1),
        }
    }
}

#[cfg(feature = "tracing")]
pub(super) async fn inside<T, E: Coded>(
    span: tracing::Span,
    doing: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    use tracing::Instrument;

    let answer = doing.instrument(span.clone()).await;
    span.record("code", answer.as_ref().map_or_else(E::word, |_| "ok"));
    answer
}
