//! bailiwick as it comes: whole organizations, from which everything else can be asked as well.

use std::sync::Arc;

use bailiwick::access::{Decision, Facts};
use bailiwick::catalog::Catalog;
use bailiwick::{OrgId, Organization};
use hashbrown::HashMap;

use crate::engine::Engine;
use crate::worlds::{Plain, Question};

pub struct Organizations {
    organizations: HashMap<OrgId, Organization>,
    facts: Facts<'static>,
}

impl Engine for Organizations {
    const NAME: &'static str = "bailiwick, `Organization`s in a map";
    type Asked<'a> = Question;

    fn load(organizations: &mut dyn Iterator<Item = Plain>, catalog: &Arc<Catalog>) -> Self {
        let organizations = organizations.map(|org| (org.id, org.organization(catalog))).collect();
        Self { organizations, facts: Question::facts() }
    }

    fn ask(&self, question: &Question) -> Question {
        *question
    }

    #[inline]
    fn check(&self, asked: &Question) -> bool {
        let Some(org) = self.organizations.get(&asked.org) else { return false };
        org.check(asked.actor(), asked.permission, asked.target(), &self.facts) == Decision::Allow
    }
}
