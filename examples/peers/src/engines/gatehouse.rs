//! gatehouse: policies as Rust code. It keeps no roles itself, so one predicate reads the maps written by hand.

use std::sync::Arc;

use bailiwick::catalog::Catalog;
use gatehouse::{EvaluationSession, PermissionChecker, PolicyBuilder, PolicyDomain};

use crate::baseline::{Asked, Baseline};
use crate::engine::Engine;
use crate::worlds::{Plain, Question};

pub struct Gatehouse {
    checker: PermissionChecker<Workspaces>,
    session: EvaluationSession,
}

/// Members of an organization do things in its workspaces.
struct Workspaces;

pub struct Subject {
    org: u128,
    user: u128,
}

pub struct Workspace(u128);

/// The bit of a permission.
pub struct Action(u64);

impl PolicyDomain for Workspaces {
    type Subject = Subject;
    type Action = Action;
    type Resource = Workspace;
    type Context = ();
}

impl Engine for Gatehouse {
    const NAME: &'static str = "gatehouse 0.6, one predicate over these maps";
    type Asked<'a> = (Subject, Action, Workspace);

    fn load(organizations: &mut dyn Iterator<Item = Plain>, _: &Arc<Catalog>) -> Self {
        let mut maps = Baseline::new();
        organizations.for_each(|org| maps.insert(&org));
        let by_role = PolicyBuilder::<Workspaces>::new("by role")
            .when(move |subject, action, workspace, ()| {
                let Subject { org, user } = *subject;
                maps.check(&Asked { org, user, workspace: workspace.0, permission: action.0 })
            })
            .build();
        let mut checker = PermissionChecker::new();
        checker.add_policy(by_role);
        Self { checker, session: EvaluationSession::empty() }
    }

    fn ask(&self, question: &Question) -> (Subject, Action, Workspace) {
        let Asked { org, user, workspace, permission } = question.into();
        (Subject { org, user }, Action(permission), Workspace(workspace))
    }

    fn check(&self, (subject, action, workspace): &(Subject, Action, Workspace)) -> bool {
        let bound = self.checker.bind(&self.session, subject, action, &());
        pollster::block_on(bound.check(workspace)).is_granted()
    }
}
