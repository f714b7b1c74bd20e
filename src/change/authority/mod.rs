//! Authority: one rule for every door through which somebody is given something.
//!
//! An actor gives only what the actor holds there, touches only people who do not outrank the actor, and only an owner
//! makes an owner. The doors hand over the person as before and as after; what is gained is the difference, place by
//! place, computed by the layers that a check uses. So a door cannot forget a way of gaining: removing an override that
//! took something away is giving, and so is joining a team.

mod giver;
mod guard;
mod held;

pub(super) use giver::Giver;
pub(crate) use guard::{behind, guard, guard_as, is_oneself, is_staff_themselves};
pub(crate) use held::rank;
