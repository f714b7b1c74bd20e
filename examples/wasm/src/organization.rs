//! Organizations: what is done to them, how they stand, who can reach what in them.

use bailiwick::reach::review::Breadth;
use bailiwick::{Actor, OrgId, Seats, UserId, Work};
use bailiwick_bridge::question::{Facts, Spot};
use bailiwick_bridge::{command, compare, lint, preview, question, reach, view};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::catalog::RawCatalog;
use crate::tenants::RawTenants;
use crate::value::{id, time};
use crate::{Answer, told};

#[wasm_bindgen]
impl RawTenants {
    /// Carries out a command.
    pub fn command(&self, organization: &str, text: &str, context: &str) -> Answer<String> {
        told(self.by(organization, context, |engine, organization, context| {
            command::command(engine, organization, text, context).map(|done| done.text)
        }))
    }

    /// What a command would do.
    pub fn preview(&self, organization: &str, text: &str, context: &str) -> Answer<String> {
        told(self.by(organization, context, |engine, organization, context| {
            preview::command(engine, organization, text, context)
        }))
    }

    /// What the actor could do about something.
    pub fn allowed_actions(&self, organization: &str, about: &str, context: &str) -> Answer<String> {
        told(self.by(organization, context, |engine, organization, context| {
            preview::offers(engine, organization, about, context)
        }))
    }

    /// Removes a user from everywhere.
    pub fn erase_user(&self, user: &str, facts: &str) -> Answer<String> {
        let erase = || {
            let (user, facts): (UserId, Facts) = (id(user)?, bailiwick_bridge::read(facts)?);
            facts.with(self.engine.catalog(), |facts| command::erase(&self.engine, user, facts))
        };
        told(erase())
    }

    /// How an organization stands.
    pub fn view(&self, organization: &str, now: f64) -> Answer<String> {
        told(id(organization).and_then(|organization| view::organization(&self.engine, organization, time(now)?)))
    }

    /// What happened to it.
    pub fn journal(&self, organization: &str) -> Answer<String> {
        told(id(organization).and_then(|organization| view::journal(&self.engine, organization)))
    }

    /// What is legal in it and likely wrong.
    pub fn lint(&self, organization: &str, now: f64) -> Answer<String> {
        told(id(organization).and_then(|organization| lint::organization(&self.engine, organization, time(now)?)))
    }

    /// What would be too much for a plan.
    pub fn excess(&self, organization: &str, plan: &str, seats: u32, now: f64) -> Answer<String> {
        let seats = Seats::new(seats.into());
        told(
            id(organization).and_then(|organization| view::excess(&self.engine, organization, plan, seats, time(now)?)),
        )
    }

    /// Who would pay for work.
    pub fn spender(&self, organization: &str, work: &str, context: &str) -> Answer<String> {
        told(self.by(organization, context, |engine, organization, context| {
            let work: Work = crate::accounts::work(work)?;
            view::spender(engine, organization, &work, context.actor, &context.facts)
        }))
    }

    /// The organizations of a user.
    pub fn organizations_of(&self, user: &str, part: &str) -> Answer<String> {
        told(id(user).and_then(|user| reach::organizations(&self.engine, user, part)))
    }

    /// The same with what a switcher shows.
    pub fn belongings(&self, user: &str, facts: &str, part: &str) -> Answer<String> {
        let list = || {
            let (user, facts): (UserId, Facts) = (id(user)?, bailiwick_bridge::read(facts)?);
            facts.with(self.engine.catalog(), |facts| reach::belongings(&self.engine, user, facts, part))
        };
        told(list())
    }

    /// The workspaces of somebody.
    pub fn workspaces_of(&self, organization: &str, actor: &str, facts: &str, part: &str) -> Answer<String> {
        let list = || {
            let (organization, actor): (OrgId, Actor) = (id(organization)?, bailiwick_bridge::read(actor)?);
            let facts: Facts = bailiwick_bridge::read(facts)?;
            facts.with(self.engine.catalog(), |facts| reach::workspaces(&self.engine, organization, actor, facts, part))
        };
        told(list())
    }

    /// The people who have a permission.
    pub fn people_with(
        &self,
        organization: &str,
        permission: u32,
        place: &str,
        facts: &str,
        part: &str,
    ) -> Answer<String> {
        let list = || {
            let (organization, place): (OrgId, Spot) = (id(organization)?, bailiwick_bridge::read(place)?);
            let position = u16::try_from(permission).unwrap_or(u16::MAX);
            let permission = question::permission(self.engine.catalog(), position)?;
            let facts: Facts = bailiwick_bridge::read(facts)?;
            facts.with(self.engine.catalog(), |facts| {
                reach::people(&self.engine, organization, permission, place.into(), facts, part)
            })
        };
        told(list())
    }

    /// The access review.
    pub fn review(&self, organization: &str, facts: &str, everybody: bool) -> Answer<String> {
        let breadth = if everybody { Breadth::Everybody } else { Breadth::Exceptions };
        let review = || {
            let (organization, facts): (OrgId, Facts) = (id(organization)?, bailiwick_bridge::read(facts)?);
            facts.with(self.engine.catalog(), |facts| reach::review(&self.engine, organization, facts, breadth))
        };
        told(review())
    }

    /// Who would gain and lose what under another catalog.
    pub fn compare(&self, catalog: &RawCatalog, organizations: &str, facts: &str, said: &str) -> Answer<String> {
        let compare = || {
            let organizations: Vec<OrgId> = bailiwick_bridge::read(organizations)?;
            let facts: Facts = bailiwick_bridge::read(facts)?;
            facts.with(self.engine.catalog(), |facts| {
                compare::catalogs(&self.engine, catalog.shared(), &organizations, facts, said, char::len_utf16)
            })
        };
        told(compare())
    }
}
