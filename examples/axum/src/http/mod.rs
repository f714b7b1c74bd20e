//! HOW IS IT SAID IN HTTP? Answers, problems, and what is read from a request.

mod answer;
mod body;
mod names;
mod own;
mod page;
mod problem;
mod query;
mod status;

pub(crate) use answer::{Accepted, Created, Done, Found, HoldsSecret, VERSION};
pub(crate) use body::Body;
pub(crate) use names::{Id, Named};
pub(crate) use own::{OWN, Own};
pub(crate) use page::{Asked, Page, list_after};
pub(crate) use problem::{Problem, describe_problem};
pub(crate) use query::Queried;
