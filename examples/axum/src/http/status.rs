//! Which status a stable number of the crate has.
//!
//! | status | what |
//! | --- | --- |
//! | 401 | more has to be shown first |
//! | 402 | the plan or the pool is used up: more of it would be let through |
//! | 403 | the actor may not |
//! | 404 | it is not there, as far as the actor can tell |
//! | 409 | it does not go with how things stand |
//! | 422 | what was asked for cannot be |
//! | 503 | trouble that may pass: repeat it under the same key |

use axum::http::StatusCode;
use bailiwick_bridge::code::Number;

/// The status of a denial, a refusal, or trouble with the store.
pub(super) const fn status_of(number: Number) -> StatusCode {
    match number {
        102 => StatusCode::UNAUTHORIZED,
        160 | 162 | 325 | 341 | 342 => StatusCode::PAYMENT_REQUIRED,
        1 | 7 | 100 | 110..=113 | 119 | 180 | 181 | 329 | 334 => StatusCode::NOT_FOUND,
        147 | 155 | 159 => StatusCode::CONFLICT,
        2..=99 | 101 | 103 | 104 | 150..=158 | 179 => StatusCode::FORBIDDEN,
        114..=118 | 140..=149 | 182 | 183 | 300 | 305 | 306 | 308 | 310..=312 => StatusCode::UNPROCESSABLE_ENTITY,
        120..=139 | 161 | 163..=178 | 184..=299 | 301..=399 => StatusCode::CONFLICT,
        400 | 401 | 403 | 404 => StatusCode::SERVICE_UNAVAILABLE,
        901 | 902 | 905..=909 => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use bailiwick_bridge::code;

    use super::*;

    #[test]
    fn every_no_of_the_crate_is_a_status_of_the_request() {
        for (number, name) in code::all().filter(|(number, _)| (1..400).contains(number)) {
            let status = status_of(number);
            // Months are counted in this build, and the books balance, or it is trouble.
            assert!(status.is_client_error(), "{number} {name}: {status}");
        }
    }

    #[test]
    fn what_must_not_be_told_is_told_alike() {
        // To strangers, of a check and of a command.
        assert_eq!((status_of(1), status_of(100)), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    }
}
