//! Printing for people.

use bailiwick::UserId;
use bailiwick::access::{Decision, Target};
use bailiwick::catalog::Scope;

use crate::engine::Bailiwick;
use crate::runner::{Engine, Given, Question, Step, Table, What};

pub fn heading(text: &str) {
    println!("\n{text}\n{}\n", "=".repeat(text.chars().count()));
}

/// One line of a story, with what a refused command said.
pub fn line(engine: &mut Bailiwick, what: &What) {
    match what {
        What::Do(step) => println!("  {}", words_of(step)),
        What::Refuse { step, .. } => {
            // A refused step changes nothing, so trying it here and again for the verdict is the same.
            let said = engine.act(step).err().map_or_else(String::new, |(code, words)| format!("{words} ({code})"));
            println!("  {}\n      refused: {said}", words_of(step));
        }
        What::Ask { question, answer } => {
            println!("  may {} {} in {}? {answer}", question.who, question.permission, question.place);
        }
        What::Holds { .. } | What::Value { .. } | What::Explain(_) => {}
    }
}

fn words_of(step: &Step) -> String {
    let arguments: Vec<String> = step
        .arguments
        .iter()
        .map(|argument| if argument.contains(' ') { format!("\"{argument}\"") } else { argument.clone() })
        .collect();
    format!("{} {} {}", step.who, step.verb, arguments.join(" ")).trim_end().to_owned()
}

/// An explained decision, with names for users.
pub fn explanation(engine: &mut Bailiwick, question: &Question) -> Result<String, String> {
    let permission = engine.permission(&question.permission)?;
    let organization = engine.organization.ok_or("there is no organization yet")?;
    let actor = engine.actor(&question.who);
    let facts = engine.facts(&question.given, &[]);
    let explained = engine.with_target(&question.place, |engine, target| {
        engine.tenants.explain(organization, actor, permission, target, &facts)
    });
    let name = |user: UserId| engine.name_of(user);
    explained.map(|explained| explained.to_text(&name)).map_err(|error| error.to_string())
}

/// A table for the organization and for each workspace: permissions down, people across.
pub fn who_may_what(engine: &mut Bailiwick, table: &Table) {
    let people: Vec<String> = table
        .people
        .iter()
        .filter(|name| {
            let user = engine.user(name);
            engine.read(|organization| organization.person(user).is_some()).unwrap_or(false)
        })
        .cloned()
        .collect();
    section(engine, "The organization", &people, None);
    for (name, _) in engine.workspaces() {
        let named = engine.workspace(&name);
        let title = engine.read(|o| o.workspace(named).map(|workspace| workspace.name().to_string())).flatten();
        section(engine, &format!("Workspace {}", title.unwrap_or(name)), &people, Some(named));
    }
    println!("✓ allowed   ? once more has been shown (authentication, second factor, provider)   - denied");
}

fn section(engine: &mut Bailiwick, title: &str, people: &[String], workspace: Option<bailiwick::WorkspaceId>) {
    let Some(organization) = engine.organization else { return };
    let catalog = std::sync::Arc::clone(engine.tenants.catalog());
    let has_workspaces = engine.read(|o| o.workspaces().next().is_some()).unwrap_or(false);
    let belongs = |scope: Scope| match workspace {
        None => scope == Scope::Organization || !has_workspaces,
        Some(_) => scope != Scope::Organization,
    };
    let target = workspace.map_or(Target::Organization, Target::Workspace);
    let facts = engine.facts(&Given::default(), &[]);
    let first = catalog.permissions().map(|(_, def)| def.display_title().chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = people.iter().map(|name| name.chars().count().max(4)).collect();
    print!("{title:first$} ");
    people.iter().zip(&widths).for_each(|(name, width)| print!(" {name:^width$}"));
    println!();
    let mut printed: Vec<&str> = Vec::new();
    for (_, def) in catalog.permissions().filter(|(_, def)| belongs(def.scope)) {
        let row = def.display_title();
        if printed.contains(&row) {
            continue;
        }
        printed.push(row);
        print!("  {row:width$}", width = first.saturating_sub(1));
        for (name, width) in people.iter().zip(&widths) {
            let actor = engine.actor(name);
            let of_title =
                catalog.permissions().filter(|(_, other)| other.display_title() == row && other.scope == def.scope);
            let signs: Vec<&str> = of_title
                .map(|(permission, _)| match engine.tenants.check(organization, actor, permission, target, &facts) {
                    Ok(Decision::Allow) => "✓",
                    Ok(Decision::StepUp(_)) => "?",
                    Ok(Decision::Deny(_)) | Err(_) => "-",
                })
                .collect();
            let sign = if signs.windows(2).all(|pair| pair[0] == pair[1]) { signs[0] } else { "some" };
            print!(" {sign:^width$}");
        }
        println!();
    }
    println!();
}
