//! regorus: a Rego policy over data by id, compiled for its virtual machine, which is kept from question to question.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::catalog::Catalog;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::RegoVM;
use regorus::{Engine as Rego, Value};

use crate::engine::{Engine, SLOW};
use crate::worlds::{Ask, Plain, Question, Role};

const POLICY: &str = r#"
package access

default allow := false

role := data.members[input.organization][input.user] if {
    data.workspaces[input.workspace] == input.organization
}

row := data.rows[input.workspace][input.user]

allow if {
    data.everywhere[role]
    data.permissions[role][input.permission]
}

allow if {
    row
    data.permissions[role][input.permission]
}

allow if {
    role
    data.permissions[row][input.permission]
}
"#;
const ENTRY: &str = "data.access.allow";

pub struct Regorus {
    machine: RefCell<RegoVM>,
}

impl Engine for Regorus {
    const NAME: &'static str = "regorus 0.14, compiled, machine kept";
    const QUESTIONS: usize = SLOW;
    type Asked<'a> = Value;

    fn load(organizations: &mut dyn Iterator<Item = Plain>, _: &Arc<Catalog>) -> Self {
        let mut rego = Rego::new();
        rego.add_policy("access.rego".into(), POLICY.into()).unwrap();
        let compiled = rego.compile_with_entrypoint(&ENTRY.into()).unwrap();
        let program = Compiler::compile_from_policy(&compiled, &[ENTRY]).unwrap();
        let mut machine = RegoVM::new();
        machine.load_program(program);
        machine.set_data(data(organizations)).unwrap();
        Self { machine: RefCell::new(machine) }
    }

    fn ask(&self, question: &Question) -> Value {
        object([
            ("organization".into(), text(question.org)),
            ("user".into(), text(question.user)),
            ("workspace".into(), text(question.workspace)),
            ("permission".into(), text(question.ask.key())),
        ])
    }

    fn check(&self, asked: &Value) -> bool {
        let mut machine = self.machine.borrow_mut();
        machine.set_input(asked.clone());
        machine.execute_entry_point_by_index(0).unwrap() == Value::from(true)
    }
}

/// Roles by organization and user, rows by workspace and user; a row that names no role is the empty text.
fn data(organizations: &mut dyn Iterator<Item = Plain>) -> Value {
    let (mut workspaces, mut members, mut rows) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let names = Role::ALL.map(|role| text(role.key()));
    let (nothing, name) = (text(""), |role: Role| names[role as usize].clone());
    for org in organizations {
        let id = text(org.id);
        workspaces.extend(org.workspaces.iter().map(|workspace| (text(workspace), id.clone())));
        members.insert(id, object(org.members.iter().map(|member| (text(member.user), name(member.role)))));
        let mut by_workspace: Vec<BTreeMap<Value, Value>> = vec![BTreeMap::new(); org.workspaces.len()];
        for row in &org.rows {
            let role = row.role.map_or_else(|| nothing.clone(), name);
            by_workspace[row.workspace].insert(text(org.members[row.member].user), role);
        }
        rows.extend(org.workspaces.iter().map(text).zip(by_workspace.into_iter().map(Value::from)));
    }
    let everywhere = Role::ALL.into_iter().filter(|role| role.reaches_all());
    object([
        (text("workspaces"), workspaces.into()),
        (text("members"), members.into()),
        (text("rows"), rows.into()),
        (text("everywhere"), object(everywhere.map(|role| (name(role), true.into())))),
        (text("permissions"), object(Role::ALL.map(|role| (name(role), permissions(role))))),
    ])
}

fn permissions(role: Role) -> Value {
    let held = Ask::ALL.into_iter().filter(|ask| role.holds(*ask));
    object(held.map(|ask| (text(ask.key()), true.into())))
}

fn object(pairs: impl IntoIterator<Item = (Value, Value)>) -> Value {
    pairs.into_iter().collect::<BTreeMap<_, _>>().into()
}

fn text(of: impl std::fmt::Display) -> Value {
    of.to_string().into()
}
