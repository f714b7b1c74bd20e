//! The program as its users have it: the real binary, driven over HTTP, over a file and over PostgreSQL.

mod configuration;
mod crash;
mod document;
mod idempotency;
mod lists;
mod logs;
mod money;
mod processes;
mod refusals;
mod shutdown;
mod story;
mod support;
