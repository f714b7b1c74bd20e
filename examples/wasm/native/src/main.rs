//! The questions of the measurement without WebAssembly: what the figures in the README are held beside.
//!
//! Reads a world and its questions as one line of JSON, then a number of rounds a line, and answers each with the nanoseconds that they took.

use std::error::Error;
use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::time::Instant;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::directory::Question;
use bailiwick::{Actor, OrgId, Tenants, Timestamp, UserId, WorkspaceId};
use bailiwick_bridge::failure::Failure;
use bailiwick_bridge::question::Context;
use bailiwick_bridge::{catalog, command};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct World {
    preset: String,
    permission: String,
    now: Timestamp,
    commands: Vec<Given>,
    questions: Vec<Asked>,
}

#[derive(Deserialize)]
struct Given {
    organization: OrgId,
    command: Value,
    context: Context,
}

#[derive(Deserialize)]
struct Asked {
    organization: OrgId,
    user: UserId,
    workspace: WorkspaceId,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut lines = io::stdin().lock().lines();
    let world: World = serde_json::from_str(&lines.next().ok_or("a world")??)?;
    let tenants = Tenants::in_memory(catalog::preset(&world.preset).map_err(told)?);
    for Given { organization, command, context } in world.commands {
        let give = |context: &bailiwick::change::Context<'_>| {
            command::command(&tenants, organization, &command.to_string(), context)
        };
        context.with(tenants.catalog(), give).map_err(told)?;
    }
    let permission = tenants.catalog().permission(&world.permission).ok_or("the permission")?;
    let asked = |it: &Asked| Question {
        organization: it.organization,
        actor: Actor::User(it.user),
        permission,
        target: Target::Workspace(it.workspace),
    };
    let questions: Vec<Question<'_>> = world.questions.iter().map(asked).collect();
    let facts = Facts::at(world.now);
    for line in lines {
        let figures = measure(&tenants, &questions, &facts, line?.trim().parse()?)?;
        writeln!(io::stdout(), "{figures}")?;
    }
    Ok(())
}

fn measure(
    tenants: &Tenants,
    questions: &[Question<'_>],
    facts: &Facts<'_>,
    rounds: u32,
) -> Result<Value, Box<dyn Error>> {
    let mut allowed = 0_u64;
    let begin = Instant::now();
    for _ in 0..rounds {
        for Question { organization, actor, permission, target } in black_box(questions) {
            let decision = tenants.check(*organization, *actor, *permission, *target, facts)?;
            allowed = allowed.saturating_add(u64::from(decision.is_allow()));
        }
    }
    let check = nanoseconds(begin);
    let mut decisions = vec![Decision::Allow; questions.len()];
    let begin = Instant::now();
    for _ in 0..rounds {
        tenants.check_each(black_box(questions), &mut decisions, facts)?;
        black_box(&decisions);
    }
    let each = nanoseconds(begin);
    let first = questions.first().ok_or("a question")?;
    let access = tenants.access(first.organization, first.actor, first.target, facts)?;
    let begin = Instant::now();
    for _ in 0..rounds {
        for question in black_box(questions) {
            black_box(black_box(&access).allows(question.permission));
        }
    }
    Ok(json!({ "check": check, "each": each, "allows": nanoseconds(begin), "allowed": allowed }))
}

fn nanoseconds(begin: Instant) -> u64 {
    u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

fn told(failure: Failure) -> String {
    failure.text
}
