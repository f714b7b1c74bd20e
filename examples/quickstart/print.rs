//! Printing for people. Everything is written into one text, which is put out at the end.

use std::fmt::Write as _;
use std::sync::Arc;

use bailiwick::access::{Decision, Target};
use bailiwick::catalog::{Permission, PermissionDef, Scope};
use bailiwick::{Actor, UserId};

use crate::engine::Bailiwick;
use crate::runner::{Engine, Given, Question, Step, Table, What};

pub const LEGEND: &str =
    "✓ allowed   - denied   ? allowed after a step up: authenticating again, a second factor, another provider";

pub fn heading(out: &mut String, text: &str) {
    let _ = writeln!(out, "\n{text}\n{}\n", "=".repeat(text.chars().count()));
}

/// What a story tells between two of its lines.
pub fn remarks(out: &mut String, table: &Table, after: usize, before: usize) {
    let mut last = None;
    for (at, text) in table.remarks.iter().filter(|(at, _)| (after..before).contains(at)) {
        let goes_on = last.is_some_and(|last: usize| last + 1 == *at);
        let apart = if goes_on || out.ends_with("\n\n") { "" } else { "\n" };
        let _ = writeln!(out, "{apart}{text}");
        last = Some(*at);
    }
    if last.is_some() {
        out.push('\n');
    }
}

/// One line of a story, with what a refused command said; the error is a command that was to be refused and was not.
pub fn line(out: &mut String, engine: &mut Bailiwick, what: &What) -> Result<(), String> {
    let _ = match what {
        What::Do(step) if step.verb == "use" => writeln!(out, "  (in {})", step.word(0)),
        What::Do(step) if step.verb == "wait" => writeln!(out, "  ({} later)", step.word(0)),
        What::Do(step) => writeln!(out, "  {}", words_of(step)),
        What::Refuse { step, code } => {
            // A refused step changes nothing, so trying it here and again for the verdict is the same.
            let done = || format!("expected {code}, and it was done");
            let (code, words) = engine.act(step).err().ok_or_else(done)?;
            writeln!(out, "  {}\n      refused: {words} ({code})", words_of(step))
        }
        What::Ask { question, answer } => {
            let answer =
                if matches!(answer.as_str(), "allow" | "step_up") { answer.clone() } else { format!("deny {answer}") };
            let Question { who, place, permission, given } = question;
            writeln!(out, "  may {who} {permission} in {place}{}? {answer}", words_of_given(given))
        }
        What::State(state) => {
            let subject = state.subject.join(" ");
            let apart = if state.value.iter().any(|value| value.contains(' ')) { ", " } else { " " };
            let words = format!("{subject} {} {}", state.link, state.value.join(apart));
            writeln!(out, "      {}", words.replace("effects are", "for the application to do:"))
        }
        What::Holds { .. } | What::Value { .. } | What::Explain(_) | What::Show(_) => Ok(()),
    };
    Ok(())
}

fn words_of(step: &Step) -> String {
    let quoted = |argument: &String| if argument.contains(' ') { format!("\"{argument}\"") } else { argument.clone() };
    let arguments: Vec<String> = step.arguments.iter().map(quoted).collect();
    // What lies in the application is there without anybody's doing.
    let who = if matches!(step.verb.as_str(), "resource" | "share") { "" } else { &step.who };
    let words = format!("{who} {} {}", step.verb, arguments.join(" "));
    format!("{}{}", words.trim(), words_of_given(&step.given))
}

fn words_of_given(given: &Given) -> String {
    let mut words = Vec::new();
    words.extend(given.fresh.then(|| "freshly authenticated".to_owned()));
    words.extend(given.factor.then(|| "with a second factor".to_owned()));
    words.extend(given.via.iter().map(|provider| format!("via {provider}")));
    words.extend(given.features.iter().map(|feature| format!("with {feature}")));
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

/// An explained decision, with names for users and resources.
pub fn explanation(engine: &mut Bailiwick, question: &Question) -> Result<String, String> {
    let permission = engine.permission(&question.permission)?;
    let organization = engine.organization.ok_or("there is no organization yet")?;
    let actor = engine.actor(&question.who);
    let facts = engine.facts(&question.given, &[]);
    let explained = engine.with_target(&question.place, |engine, target| {
        let id = match target {
            Target::Resource(resource) => Some(resource.id.to_string()),
            Target::Organization | Target::Workspace(_) => None,
        };
        (engine.tenants.explain(organization, actor, permission, target, &facts), id)
    });
    let (explained, id) = explained;
    let name = |user: UserId| engine.name_of(user);
    let text = explained.map(|explained| explained.to_text(&name)).map_err(|error| error.to_string())?;
    Ok(id.map_or(text.clone(), |id| text.replace(&id, &format!("`{}`", question.place))))
}

/// A table for the organization, for each workspace, and for each resource of the story: permissions down, people across.
pub fn who_may_what(engine: &mut Bailiwick, table: &Table, given: &Given) -> String {
    let out = &mut String::new();
    let words = words_of_given(given);
    if !words.is_empty() {
        let _ = writeln!(out, "Everybody{words}:\n");
    }
    let belongs = |engine: &mut Bailiwick, name: &String| {
        let user = engine.user(name);
        engine.read(|organization| organization.person(user).is_some()).unwrap_or(false)
    };
    let people: Vec<String> = table.people.iter().filter(|name| belongs(engine, name)).cloned().collect();
    let workspaces = engine.workspaces();
    let below =
        if workspaces.is_empty() { vec![Scope::Organization, Scope::Workspace] } else { vec![Scope::Organization] };
    let about = About { people: &people, given };
    section(out, engine, "The organization", "org", about, &below);
    for (name, id) in workspaces {
        let title = engine.read(|o| o.workspace(id).map(|workspace| workspace.name().to_string())).flatten();
        let title = format!("Workspace {}", title.unwrap_or_default());
        section(out, engine, &title, &name, about, &[Scope::Workspace, Scope::Resource]);
    }
    for name in engine.resources() {
        section(out, engine, &format!("Resource {name}"), &name, about, &[Scope::Resource]);
    }
    let _ = writeln!(out, "{LEGEND}");
    std::mem::take(out)
}

/// Whom the tables are about, and what is known of the moment.
#[derive(Clone, Copy)]
struct About<'a> {
    people: &'a [String],
    given: &'a Given,
}

fn section(out: &mut String, engine: &mut Bailiwick, title: &str, place: &str, about: About<'_>, scopes: &[Scope]) {
    let About { people, given } = about;
    let catalog = Arc::clone(engine.tenants.catalog());
    let mut rows: Vec<(&str, Vec<_>)> = Vec::new();
    for (permission, def) in catalog.permissions().filter(|(_, def)| scopes.contains(&def.scope)) {
        match rows.iter_mut().find(|(row, _)| *row == PermissionDef::display_title(def)) {
            Some((_, behind)) => behind.push(permission),
            None => rows.push((def.display_title(), vec![permission])),
        }
    }
    let all = catalog.permissions().map(|(_, def)| def.display_title().chars().count() + 2);
    let first = all.max().unwrap_or(0).max(title.chars().count());
    let widths: Vec<usize> = people.iter().map(|name| name.chars().count().max(4)).collect();
    let header: String = people.iter().zip(&widths).map(|(name, width)| format!(" {name:^width$}")).collect();
    let _ = writeln!(out, "{title:first$} {}", header.trim_end());
    for (row, permissions) in rows {
        let mut cells = String::new();
        for (name, width) in people.iter().zip(&widths) {
            let actor = engine.actor(name);
            let signs: Vec<&str> =
                permissions.iter().map(|permission| sign(engine, actor, *permission, (place, given))).collect();
            let same = signs.iter().all(|sign| *sign == signs[0]);
            let _ = write!(cells, " {:^width$}", if same { signs[0] } else { "some" });
        }
        let _ = writeln!(out, "  {row:width$} {}", cells.trim_end(), width = first - 2);
    }
    let _ = writeln!(out);
}

fn sign(engine: &mut Bailiwick, actor: Actor, permission: Permission, (place, given): (&str, &Given)) -> &'static str {
    let Some(organization) = engine.organization else { return "-" };
    let facts = engine.facts(given, &[]);
    engine.with_target(place, |engine, target| {
        match engine.tenants.check(organization, actor, permission, target, &facts) {
            Ok(Decision::Allow) => "✓",
            Ok(Decision::StepUp(_)) => "?",
            Ok(Decision::Deny(_)) | Err(_) => "-",
        }
    })
}
