//! The rules in Cedar's language: every `let` expanded, and one policy more for each share of a world.

use std::collections::BTreeSet;

use bailiwick::access::{Share, ShareHolder, Target};
use bailiwick::catalog::Catalog;
use cedar_policy::{Policy, PolicyId, PolicySet};

/// As they are written down.
pub const RULES: &str = include_str!("rules.cedar");

/// The rules that are the same in all worlds.
pub struct Rules {
    fixed: Policies,
    /// What is true of every share that counts.
    share_counts: String,
    /// And of those that hang on belonging to the organization.
    rests: String,
}

/// The rules about a target.
#[derive(Clone)]
pub struct Policies {
    /// Rules 1 to 8: whether it is granted.
    pub granted: PolicySet,
    /// With rule 9: whether nothing is to be shown first.
    pub all: PolicySet,
}

impl Rules {
    pub fn read() -> Self {
        Self::from_text(RULES).unwrap_or_else(|why| panic!("{why}"))
    }

    /// Rules that are written otherwise; an error where they cannot be read.
    pub fn from_text(rules: &str) -> Result<Self, String> {
        let (mut names, mut text): (Vec<(String, String)>, String) = Default::default();
        for statement in statements(rules) {
            match statement.strip_prefix("let ") {
                Some(defined) => {
                    let (name, meaning) = defined.split_once('=').expect("a `let` has a meaning");
                    names.push((format!("${}", name.trim()), format!("({})", expanded(meaning.trim(), &names))));
                }
                None => text.push_str(&format!("{};\n", expanded(statement, &names))),
            }
        }
        let granting = text.split_once("@step_up").map_or(&*text, |(granting, _)| granting); // rule 9 comes last
        let parse = |text: &str| text.parse::<PolicySet>().map_err(|why| format!("{why:?}\nin\n{text}"));
        let meaning = |name: &str| {
            let defined = names.iter().find(|(other, _)| other == name);
            defined.map(|(_, meaning)| meaning.clone()).ok_or_else(|| format!("`{name}` is not defined"))
        };
        Ok(Self {
            fixed: Policies { granted: parse(granting)?, all: parse(&text)? },
            share_counts: meaning("$share_counts")?,
            rests: meaning("$share_rests")?,
        })
    }

    /// Those about a target: one more for each share that comes with it.
    pub fn about(&self, target: Target<'_>, catalog: &Catalog) -> Policies {
        let mut policies = self.fixed.clone();
        let shares = match target {
            Target::Resource(resource) => resource.shares,
            Target::Organization | Target::Workspace(_) => &[],
        };
        for (n, share) in shares.iter().enumerate() {
            let policy = Policy::parse(Some(PolicyId::new(format!("share {n}"))), self.share(share, catalog));
            let policy = policy.expect("a share is a policy");
            policies.granted.add(policy.clone()).expect("its id is its own");
            policies.all.add(policy).expect("its id is its own");
        }
        policies
    }

    fn share(&self, share: &Share, catalog: &Catalog) -> String {
        let Share { on, to, level, until } = share;
        let holder = holder(*to);
        let keys: BTreeSet<String> = catalog
            .permissions()
            .filter(|(it, _)| level.contains(*it))
            .map(|(_, def)| format!("{:?}", def.key))
            .collect();
        let keys = keys.into_iter().collect::<Vec<_>>().join(", ");
        let until = until.map(|until| format!(" && context.now < {}", until.as_millis())).unwrap_or_default();
        let counts = &self.share_counts;
        let rests = match to {
            ShareHolder::Person { .. } | ShareHolder::Team(_) => format!(" && !{}", self.rests),
            _ => String::new(),
        };
        format!(
            "permit (principal in {holder}, action, resource in Thing::\"{on}\")\n\
             when {{ [{keys}].contains(context.permission.key){until} && {counts}{rests} }};\n"
        )
    }
}

/// Who holds a share: an entity that whoever it is for is in.
fn holder(to: ShareHolder) -> String {
    match to {
        ShareHolder::User(user) => format!("User::\"{user}\""),
        ShareHolder::Person { user, joined } => format!("Person::\"{user}, since {joined}\""),
        ShareHolder::Group(group) => format!("Group::\"{}\"", group.index()),
        ShareHolder::Team(team) => format!("Team::\"{team}\""),
        ShareHolder::Members => String::from("Everybody::\"members\""),
        ShareHolder::Organization(other) => format!("Organization::\"{other}\""),
        ShareHolder::Link(link) => format!("Link::\"{link}\""),
    }
}

/// Statements end with a semicolon at the end of a line; a comment takes a line of its own.
pub fn statements(text: &str) -> Vec<&str> {
    // Comments only stand between statements.
    text.split(";\n").map(without_comments).filter(|statement| !statement.is_empty()).collect()
}

fn without_comments(statement: &str) -> &str {
    let mut rest = statement.trim();
    while let Some(comment) = rest.strip_prefix("//") {
        rest = comment.split_once('\n').map_or("", |(_, after)| after).trim_start();
    }
    rest
}

/// The longest names first, for some begin like others.
fn expanded(text: &str, names: &[(String, String)]) -> String {
    let mut names: Vec<_> = names.iter().collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names.iter().fold(text.to_owned(), |text, (name, meaning)| text.replace(name, meaning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_expanded_in_parentheses_the_longest_first() {
        let names = [("$row".into(), "(a)".into()), ("$row_role".into(), "(b)".into())];
        assert_eq!(expanded("$row && $row_role", &names), "(a) && (b)");
    }

    #[test]
    fn the_rules_are_read() {
        let rules = Rules::read();
        let written = |begins: &str| RULES.lines().filter(|line| line.starts_with(begins)).count();
        assert_eq!(rules.fixed.granted.policies().count(), written("@id"));
        assert_eq!(rules.fixed.all.policies().count(), written("@id") + written("@step_up"));
        assert!(!rules.share_counts.contains('$'), "{}", rules.share_counts);
    }
}
