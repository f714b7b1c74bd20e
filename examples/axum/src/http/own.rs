//! The codes that are the application's own: what goes wrong before the crate is asked, or beside it.

/// A kind of problem.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Own {
    pub(crate) code: &'static str,
    pub(crate) status: u16,
    pub(crate) text: &'static str,
}

macro_rules! own {
    ($($name:ident = $code:literal, $status:literal, $text:literal;)+) => {
        impl Own {
            $(pub(crate) const $name: Self = Self { code: $code, status: $status, text: $text };)+
        }

        /// All of them.
        pub(crate) const OWN: &[Own] = &[$(Own::$name),+];
    };
}

own! {
    NO_SESSION = "no_session", 401, "sign in first";
    WRONG_CREDENTIAL = "wrong_credential", 401, "no account has this address and credential";
    BAD_REQUEST = "bad_request", 400, "the request cannot be read";
    UNKNOWN_ROUTE = "unknown_route", 404, "there is nothing at this address";
    WRONG_METHOD = "wrong_method", 405, "nothing here answers to this method";
    UNKNOWN_PROJECT = "unknown_project", 404, "there is no such project in this workspace";
    UNKNOWN_GENERATION = "unknown_generation", 404, "there is no such generation in this project";
    ADDRESS_TAKEN = "address_taken", 409, "there is an account with this address already";
    STILL_RUNNING = "still_running", 409, "a request with this idempotency key is still being carried out";
    GENERATION_OPEN = "generation_open", 409, "the generation is still running";
    BODY_TOO_LARGE = "body_too_large", 413, "the body is larger than it may be";
    WRONG_MEDIA_TYPE = "wrong_media_type", 415, "the body is to be `application/json`";
    BAD_BODY = "bad_body", 422, "the body does not say what is needed";
    KEY_OF_ANOTHER = "idempotency_key_reused", 422, "this idempotency key came with another request before";
    BEHIND = "behind", 503, "this process has not heard of that version yet";
    BUSY = "busy", 503, "the database did not answer in time";
    INTERNAL = "internal", 500, "something failed here, and it is not the request";
    TIMEOUT = "timeout", 504, "it takes longer than a request may; repeat it with the same idempotency key";
}
