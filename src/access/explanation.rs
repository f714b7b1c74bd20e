//! Explanations: what an explained answer holds, and how it reads.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Decision;
use crate::actor::Actor;
use crate::id::UserId;
use crate::organization::Origin;
use crate::time::Timestamp;
use crate::version::Version;

/// Why a question is answered as it is: every rule that was asked, every layer that had a say.
///
/// # Shape
/// Data first; displayed it is a text for support engineers, and [`to_text`](Self::to_text) puts names for users into it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Explanation {
    /// The answer; always that of [`check`](crate::Organization::check).
    pub decision: Decision,
    /// The version of the organization.
    pub version: Version,
    /// Who asked.
    pub actor: Actor,
    /// The key of the permission.
    pub permission: String,
    /// The target, in words.
    pub target: String,
    /// The rules that were asked, in order; the last one answered.
    pub steps: Vec<Step>,
    /// The layers of rule 7, farthest first; empty when the question was answered before.
    pub layers: Vec<Layer>,
    /// What would turn the answer, once [that has been asked](crate::change::Nearest::name_in).
    pub turn: Option<Turn>,
}

/// What would turn an answer, in words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Turn {
    /// What the changes would do, or why there are none.
    pub says: &'static str,
    /// The changes.
    pub steps: Vec<TurnStep>,
    /// What still has to be shown after them, if anything.
    pub then: Option<String>,
}

/// One change, and whose it is to make.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TurnStep {
    /// What to do.
    pub what: String,
    /// Who can do it; nobody: the platform alone.
    pub by: Vec<UserId>,
    /// Whether there are more of them.
    pub more: bool,
}

/// One rule that was asked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Step {
    /// The number of the rule, 1 to 10.
    pub rule: u8,
    /// What it asks.
    pub question: &'static str,
    /// What came of it.
    pub verdict: Verdict,
    /// What was found, in words.
    pub finding: String,
    /// Where what was found comes from, where somebody did it: a suspension.
    pub origin: Option<Origin>,
}

/// What came of a rule.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Verdict {
    /// Nothing stands in the way; the next rule is asked.
    Passed,
    /// This rule is the answer.
    Answered,
}

/// One layer of rule 7.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Layer {
    /// Which layer.
    pub kind: LayerKind,
    /// What it did to the permission.
    pub effect: Effect,
    /// The role, group, team or share that it is about.
    pub what: String,
    /// Where it comes from, where it was given by somebody.
    pub origin: Option<Origin>,
    /// What kind of event that was, once a [journal](crate::change::Journal::name_events) has been asked.
    pub event: Option<&'static str>,
    /// When it ends, where it does.
    pub until: Option<Timestamp>,
}

/// Which layer.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum LayerKind {
    /// A role, at organization level.
    OrganizationRole,
    /// A role, carried into the workspace.
    InheritedRole,
    /// A role that does not carry into the workspace.
    RoleOutOfReach,
    /// The role in the person's row.
    OverrideRole,
    /// A rule of a system group.
    GroupRule,
    /// A rule of a team.
    TeamRule,
    /// Permissions added or removed by the person's row.
    Row,
    /// A row or rule whose end has come.
    Ended,
    /// A role that cannot be reduced.
    FirmRole,
    /// Sight: what is not shared is not seen.
    Sight,
    /// A personal resource.
    Personal,
    /// A share.
    Share,
    /// What the member's roles could do: the bound of shares.
    RoleBound,
    /// What a service was given: the bound of what it can do in its sponsor's name.
    Service,
    /// What is not sensitive: the bound of staff in somebody's place.
    Staff,
}

/// What a layer did to the permission.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Effect {
    /// Gave it.
    Gives,
    /// Took it.
    Takes,
    /// Left it as it was.
    Nothing,
}

impl Layer {
    /// What the layer is and did, in words.
    fn words(&self) -> String {
        let what = &self.what;
        let source = match self.kind {
            LayerKind::OrganizationRole | LayerKind::InheritedRole => alloc::format!("role `{what}`"),
            LayerKind::RoleOutOfReach => return alloc::format!("role `{what}` does not reach here"),
            LayerKind::OverrideRole => alloc::format!("override: role `{what}` here instead"),
            LayerKind::GroupRule => alloc::format!("rule of group `{what}`"),
            LayerKind::TeamRule => alloc::format!("rule of team `{what}`"),
            LayerKind::Share => alloc::format!("share {what}"),
            LayerKind::Ended => return alloc::format!("{what}: ended"),
            LayerKind::Sight => return what.clone(),
            LayerKind::Row => "override: the access row here".to_owned(),
            LayerKind::FirmRole | LayerKind::Personal | LayerKind::RoleBound => what.clone(),
            LayerKind::Service | LayerKind::Staff => return alloc::format!("{what} does not include it"),
        };
        let effect = match (self.effect, self.kind) {
            (Effect::Gives, LayerKind::Row) => "adds it",
            (Effect::Takes, LayerKind::Row) => "removes it",
            (Effect::Gives, LayerKind::FirmRole) => "keep it",
            (Effect::Gives, _) => "gives it",
            (Effect::Takes, LayerKind::OverrideRole) => "does not have it",
            (Effect::Takes, LayerKind::Personal) => "is private",
            (Effect::Takes, LayerKind::RoleBound) => "do not go that far",
            (Effect::Takes, _) => "takes it",
            (Effect::Nothing, LayerKind::OrganizationRole | LayerKind::InheritedRole | LayerKind::OverrideRole) => {
                "does not have it"
            }
            (Effect::Nothing, _) => "is about other permissions",
        };
        alloc::format!("{source} {effect}")
    }
}

impl Explanation {
    /// The explanation as a text for people, with names for users where `name` knows one.
    #[must_use]
    pub fn to_text(&self, name: &dyn Fn(UserId) -> Option<String>) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write(&mut text, name);
        text
    }

    fn write(&self, out: &mut dyn fmt::Write, name: &dyn Fn(UserId) -> Option<String>) -> fmt::Result {
        let actor = actor_words(self.actor, name);
        let answer = match self.decision {
            Decision::Allow => "allowed".to_owned(),
            Decision::Deny(reason) => alloc::format!("denied ({})", reason.code()),
            Decision::StepUp(requirement) => alloc::format!("step up: {requirement}"),
        };
        writeln!(out, "{actor}: `{}` in {}: {answer}", self.permission, self.target)?;
        for step in &self.steps {
            let sign = match (step.verdict, self.decision) {
                (Verdict::Passed, _) | (Verdict::Answered, Decision::Allow) => "ok",
                (Verdict::Answered, Decision::Deny(_)) => "NO",
                (Verdict::Answered, Decision::StepUp(_)) => "??",
            };
            let joint = if step.finding.is_empty() { "" } else { ": " };
            write!(out, "  {sign} {:>2} {}{joint}{}", step.rule, step.question, step.finding)?;
            write_origin(out, step.origin, None, name)?;
            writeln!(out)?;
            if step.rule == 7 {
                self.write_layers(out, name)?;
            }
        }
        self.write_turn(out, name)?;
        write!(out, "  as of version {}", self.version)
    }

    fn write_turn(&self, out: &mut dyn fmt::Write, name: &dyn Fn(UserId) -> Option<String>) -> fmt::Result {
        let Some(turn) = &self.turn else { return Ok(()) };
        writeln!(out, "  {}{}", turn.says, if turn.steps.is_empty() { "" } else { ":" })?;
        for step in &turn.steps {
            let known = step.by.iter().map(|user| actor_words(Actor::User(*user), name));
            let more = step.more.then(|| "others".to_owned());
            let by: Vec<String> = known.chain(more).collect();
            let by = if step.by.is_empty() { "the platform alone".to_owned() } else { by.join(", ") };
            writeln!(out, "        > {} (by {by})", step.what)?;
        }
        turn.then.as_ref().map_or(Ok(()), |then| writeln!(out, "        > then {then}"))
    }

    fn write_layers(&self, out: &mut dyn fmt::Write, name: &dyn Fn(UserId) -> Option<String>) -> fmt::Result {
        for layer in &self.layers {
            let sign = match layer.effect {
                Effect::Gives => '+',
                Effect::Takes => '-',
                Effect::Nothing => ' ',
            };
            write!(out, "        {sign} {}", layer.words())?;
            write_origin(out, layer.origin, layer.event, name)?;
            writeln!(out)?;
        }
        Ok(())
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write(&mut text, &|_| None)?;
        f.write_str(&text)
    }
}

/// By whom it was given or done, if by somebody.
fn write_origin(
    out: &mut dyn fmt::Write,
    origin: Option<Origin>,
    event: Option<&'static str>,
    name: &dyn Fn(UserId) -> Option<String>,
) -> fmt::Result {
    let Some(origin) = origin else { return Ok(()) };
    let event = event.map(|kind| alloc::format!(": {}", kind.replace('_', " "))).unwrap_or_default();
    write!(out, " (by {}, version {}{event})", actor_words(origin.by, name), origin.version)
}

/// Who, in words; by name where it is known.
fn actor_words(actor: Actor, name: &dyn Fn(UserId) -> Option<String>) -> String {
    match actor {
        Actor::User(user) => name(user).unwrap_or_else(|| alloc::format!("user {user}")),
        Actor::Staff { staff, on_behalf_of } => {
            let user = |user| name(user).unwrap_or_else(|| alloc::format!("user {user}"));
            alloc::format!("{} (staff) for {}", user(staff), user(on_behalf_of))
        }
        Actor::Service(service) => alloc::format!("service {service}"),
        Actor::Link(link) => alloc::format!("link {link}"),
        Actor::Provisioner => "the directory".to_owned(),
        Actor::System => "the platform".to_owned(),
    }
}
