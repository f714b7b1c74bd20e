//! casbin: roles with domains, of which organizations and workspaces are one each.
//!
//! The rows are loaded resolved: whoever has one has in the workspace the own role and the role that it names.

use std::sync::Arc;

use bailiwick::catalog::Catalog;
use casbin::rhai::ImmutableString;
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use pollster::block_on;

use crate::engine::{Engine, SLOW};
use crate::worlds::{Ask, Plain, Question, Role};

/// The cheap conditions come first, and most of the nine policies end at the first of them.
const MODEL: &str = r#"
[request_definition]
r = sub, dom, obj, act

[policy_definition]
p = sub, act, reach

[role_definition]
g = _, _, _
g2 = _, _, _
g3 = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.act == p.act && g3(r.obj, r.dom) && (g2(r.sub, p.sub, r.obj) || p.reach == "all" && g(r.sub, p.sub, r.dom))
"#;

pub struct Casbin {
    enforcer: Enforcer,
}

impl Engine for Casbin {
    const NAME: &'static str = "casbin 2, RBAC with domains";
    const QUESTIONS: usize = SLOW;
    type Asked<'a> = Vec<ImmutableString>;

    fn load(organizations: &mut dyn Iterator<Item = Plain>, _: &Arc<Catalog>) -> Self {
        let (mut members, mut rows, mut workspaces) = (Vec::new(), Vec::new(), Vec::new());
        for org in organizations {
            let id = org.id.to_string();
            workspaces.extend(org.workspaces.iter().map(|workspace| vec![workspace.to_string(), id.clone()]));
            members.extend(
                org.members.iter().map(|member| vec![member.user.to_string(), member.role.key().into(), id.clone()]),
            );
            for (member, workspace, instead) in org.rows_by_id() {
                let other = instead.filter(|role| *role != member.role);
                let roles = [Some(member.role), other].into_iter().flatten();
                rows.extend(roles.map(|role| vec![member.user.to_string(), role.key().into(), workspace.to_string()]));
            }
        }
        block_on(async {
            let model = DefaultModel::from_str(MODEL).await.unwrap();
            let mut enforcer = Enforcer::new(model, MemoryAdapter::default()).await.unwrap();
            enforcer.add_policies(policies()).await.unwrap();
            enforcer.add_named_grouping_policies("g", members).await.unwrap();
            enforcer.add_named_grouping_policies("g2", rows).await.unwrap();
            enforcer.add_named_grouping_policies("g3", workspaces).await.unwrap();
            Self { enforcer }
        })
    }

    fn ask(&self, question: &Question) -> Vec<ImmutableString> {
        let Question { org, user, workspace, ask, .. } = question;
        [&user.to_string(), &org.to_string(), &workspace.to_string(), ask.key()].map(ImmutableString::from).into()
    }

    fn check(&self, asked: &Vec<ImmutableString>) -> bool {
        self.enforcer.enforce(asked.clone()).unwrap()
    }
}

/// What each role holds, and whether everywhere.
fn policies() -> Vec<Vec<String>> {
    let pairs = Role::ALL.into_iter().flat_map(|role| Ask::ALL.map(|ask| (role, ask)));
    pairs
        .filter(|(role, ask)| role.holds(*ask))
        .map(|(role, ask)| {
            let reach = if role.reaches_all() { "all" } else { "assigned" };
            vec![role.key().into(), ask.key().into(), reach.into()]
        })
        .collect()
}
