//! How things stand: what a `state` line asks for, answered in its words.

use bailiwick::access::Facts;
use bailiwick::catalog::Per;
use bailiwick::change::{Effect, LeftOut, Refusal};
use bailiwick::ledger::Pays;
use bailiwick::reach::Paging;
use bailiwick::{
    Actor, Disposition, Invitation, Kind, LabelError, Organization, Override, Person, PersonStatus, Seats, Span,
    Status, Timestamp, UserId, Work, WorkspaceId,
};

use super::{Bailiwick, Kind as Named};

/// Nothing was set.
const UNSET: &str = "-";
/// There is nobody, or there are none.
const NONE: &str = "none";
/// There is no such thing any more, or there never was.
const GONE: &str = "gone";

impl Bailiwick {
    /// The words about a subject.
    pub(super) fn fact(&mut self, subject: &[String]) -> Result<Vec<String>, String> {
        let words: Vec<&str> = subject.iter().map(String::as_str).collect();
        if let Some(figure) = self.figure(&words)? {
            return Ok(figure);
        }
        let found = match words.as_slice() {
            ["events"] => listed(self.last.records.iter().map(|record| record.event.kind().replace('_', "-"))),
            ["effects"] => self.effects(),
            ["left", "out"] => self.left_out(),
            ["organizations", "of", who] => self.organizations_of(who),
            ["name", "of", place] => self.workspace_fact(place, |o, id| o.workspace(id).map(|w| w.name().to_string())),
            ["workspace", place] => self.workspace_fact(place, |o, id| {
                o.workspace(id).map(|workspace| if workspace.archived().is_some() { "archived" } else { "open" }.into())
            }),
            ["team", name] => {
                let team = self.team(name);
                self.about(|o| o.team(team).map_or(GONE.into(), |team| team.name().to_string()))
            }
            ["service", name] => self.sponsor(name),
            ["role", key] => self.about_all(|o| custom_role(o, key)),
            ["roles" | "teams", "of", who] => self.held_by(words[0], who),
            ["invitation" | "promise" | "inviter" | "end", "of", who] => self.of_invitation(words[0], who),
            ["offer"] => {
                let to = self.read(|o| Some(o.profile()?.offer?.to)).flatten();
                to.map_or(one(NONE), |user| vec![self.someone(user)])
            }
            ["credits", "of", who] => {
                let user = self.user(who);
                self.about(|o| {
                    let switch = o.person(user).map(|person| person.credits());
                    switch.map_or(GONE, |on| on.map_or("role", |on| if on { "on" } else { "off" })).into()
                })
            }
            ["payer", "of", who, "in", place, rest @ ..] => self.payer(who, place, rest.get(1).copied())?,
            ["allocation"] => self.allocation(self.now),
            ["allocation", "in", after] => {
                self.allocation(self.end(Some(after)).map_err(|(_, words)| words)?.unwrap_or(self.now))
            }
            ["meter", name] => self.meter(name),
            ["excess", "on", plan, rest @ ..] => self.excess(plan, rest.get(1).copied())?,
            ["retention", "of", kind] => self.retention(kind),
            ["purge"] => {
                let purge = self.read(|o| Some(o.profile()?.deletion?.purge_at)).flatten();
                vec![purge.map_or("never".into(), |at| self.time_left(at))]
            }
            ["plan", "in", after] => self.terms_in(after)?.map_or(one(UNSET), |(plan, _)| vec![plan]),
            ["seats", "in", after] => self.terms_in(after)?.map_or(one(UNSET), |(_, seats)| vec![seats.to_string()]),
            [who] if self.is_person(who) => self.standing(who),
            other => self.of_organization(other),
        };
        Ok(found)
    }

    fn about(&self, read: impl FnOnce(&Organization) -> String) -> Vec<String> {
        self.about_all(|organization| vec![read(organization)])
    }

    fn about_all(&self, read: impl FnOnce(&Organization) -> Vec<String>) -> Vec<String> {
        self.read(read).unwrap_or_else(|| one(GONE))
    }

    /// What is asked of the organization as a whole.
    fn of_organization(&self, subject: &[&str]) -> Vec<String> {
        let now = self.now;
        self.about_all(|o| {
            let count = |count: usize| vec![count.to_string()];
            let active_owner = |(user, _): &(UserId, &Person)| o.is_active_owner(*user);
            match subject {
                ["members"] => vec![o.member_count().to_string()],
                ["active", "members"] => vec![o.active_member_count().to_string()],
                ["collaborators"] => vec![o.collaborator_count().to_string()],
                ["owners"] => count(o.people().filter(active_owner).count()),
                ["workspaces"] => count(o.workspaces().count()),
                ["teams"] => count(o.teams().count()),
                ["services"] => count(o.services().count()),
                ["open", "invitations"] => {
                    let state = |(_, invitation): &(_, &Invitation)| invitation.state(now).to_string() == "open";
                    count(o.invitations().filter(state).count())
                }
                ["seats"] => o
                    .seats(now)
                    .map_or(one(UNSET), |seats| vec![seats.used.to_string(), "of".into(), seats.limit.to_string()]),
                ["charged", "seats"] => o.seats(now).map_or(one(UNSET), |seats| vec![seats.charged.to_string()]),
                ["domain", name] => {
                    let found = o.domains().find(|(domain, _)| domain.as_str() == *name);
                    found.map_or(one(UNSET), |(_, rule)| {
                        let confirmed = if rule.confirmed { "confirmed" } else { "unconfirmed" };
                        let roles = rule.roles.iter().map(|role| o.role_key(role).to_owned());
                        [confirmed.to_owned()].into_iter().chain(roles).collect()
                    })
                }
                other => profile_fact(o, other, now),
            }
        })
    }

    fn is_person(&self, name: &str) -> bool {
        self.ids.contains_key(&(Named::Person, name.to_owned()))
    }

    fn standing(&mut self, who: &str) -> Vec<String> {
        let user = self.user(who);
        self.about(|o| match o.person(user) {
            None => "stranger".into(),
            Some(person) if person.status() == PersonStatus::Suspended => "suspended".into(),
            Some(person) if person.is_member() => "member".into(),
            Some(_) => "collaborator".into(),
        })
    }

    fn held_by(&mut self, what: &str, who: &str) -> Vec<String> {
        let user = self.user(who);
        let names = self.read(|o| {
            let person = o.person(user)?;
            Some(match what {
                "roles" => person.roles().iter().map(|role| o.role_key(role).to_owned()).collect::<Vec<_>>(),
                _ => {
                    person.teams().iter().filter_map(|joined| self.named(Named::Team, joined.team.as_u128())).collect()
                }
            })
        });
        listed(names.flatten().unwrap_or_default())
    }

    fn organizations_of(&mut self, who: &str) -> Vec<String> {
        let user = self.user(who);
        let found = self.tenants.organizations_of(user, Paging::first(1_000)).expect("memory does not fail").items;
        listed(found.iter().filter_map(|id| self.named(Named::Organization, id.as_u128())))
    }

    fn of_invitation(&self, what: &str, who: &str) -> Vec<String> {
        let (id, now) = (self.invitation(who), self.now);
        let found = self.read(|o| {
            let invitation = o.invitation(id)?;
            Some(match what {
                "invitation" => vec![invitation.state(now).to_string()],
                "end" => vec![self.time_left(invitation.until())],
                "inviter" => vec![self.actor_name(invitation.issued().by)],
                _ => self.promise(invitation),
            })
        });
        found.flatten().unwrap_or_else(|| one("unknown"))
    }

    /// Roles, then workspaces with what is different there.
    fn promise(&self, invitation: &Invitation) -> Vec<String> {
        let roles = invitation.roles().iter().map(ToString::to_string);
        let place = |(id, changes): &(WorkspaceId, Override)| {
            let parts = changes.role.iter().map(ToString::to_string);
            let parts = parts.chain(changes.added.iter().map(|key| format!("+{key}")));
            let parts: Vec<String> = parts.chain(changes.removed.iter().map(|key| format!("-{key}"))).collect();
            let parts = if parts.is_empty() { "own".into() } else { parts.join(",") };
            format!("{}={parts}", self.named(Named::Workspace, id.as_u128()).unwrap_or_default())
        };
        listed(roles.chain(invitation.access().iter().map(place)))
    }

    fn workspace_fact(
        &mut self,
        place: &str,
        read: impl FnOnce(&Organization, WorkspaceId) -> Option<String>,
    ) -> Vec<String> {
        let workspace = self.workspace(place);
        self.about(|o| read(o, workspace).unwrap_or_else(|| GONE.into()))
    }

    fn sponsor(&mut self, name: &str) -> Vec<String> {
        let service = self.service(name);
        self.about(|o| match o.service(service).map(|service| service.sponsor()) {
            None => GONE.into(),
            Some(None) => "nobody".into(),
            Some(Some(user)) => self.someone(user),
        })
    }

    fn excess(&self, plan: &str, seats: Option<&str>) -> Result<Vec<String>, String> {
        let found = self.tenants.catalog().plan(plan).ok_or_else(|| format!("there is no plan `{plan}`"))?;
        let seats = seats.map_or(Ok(0), str::parse).map_err(|_| "a number of seats")?;
        let excess = self.read(|o| o.fits_plan(found, Seats::new(seats), self.now)).unwrap_or_default();
        Ok(listed(excess.iter().map(ToString::to_string)))
    }

    /// Who pays for what somebody does somewhere, or why they may not do it. Nobody has authenticated just now.
    fn payer(&mut self, who: &str, place: &str, class: Option<&str>) -> Result<Vec<String>, String> {
        let class = class.map(str::parse).transpose().map_err(|error: LabelError| error.to_string())?;
        let workspace = (place != "org").then(|| self.workspace(place));
        let (actor, facts) = (self.actor(who), Facts::at(self.now));
        let work = Work { workspace, project: None, class };
        let found = self.read(|o| o.spender(actor, &work, &facts));
        Ok(match found {
            None => one(GONE),
            Some(Ok(spender)) => one(match spender.pays {
                Pays::Pool => "pool",
                Pays::OwnKey => "own-key",
                Pays::Nobody => "nobody",
            }),
            Some(Err(Refusal::Denied { reason, .. })) => vec!["denied".into(), reason.code().into()],
            Some(Err(refusal)) => one(refusal.code()),
        })
    }

    fn allocation(&self, at: Timestamp) -> Vec<String> {
        let found = self.read(|o| o.allowance(at)).flatten();
        found.map_or_else(|| one(GONE), |(allowance, _)| vec![allowance.allocation.to_string()])
    }

    /// How much a meter may count up to, where, and what happens at it.
    fn meter(&self, name: &str) -> Vec<String> {
        let found = self.read(|o| o.allowance(self.now)).flatten();
        let rules = found.map(|(allowance, _)| allowance.meters).unwrap_or_default();
        let of_it = rules.iter().filter(|rule| rule.meter.to_string() == name);
        listed(of_it.flat_map(|rule| {
            let per = if rule.per == Per::Workspace { "per-workspace" } else { "per-organization" };
            [rule.max.to_string(), per.to_owned(), rule.enforcement.to_string()]
        }))
    }

    fn retention(&self, kind: &str) -> Vec<String> {
        let dates = self.read(Organization::retention).unwrap_or_default();
        let due = dates.iter().find(|date| date.kind == kind).map(|date| date.due);
        vec![due.map_or("never".into(), |due| self.time_left(due))]
    }

    /// What counts after so long: the plan and its seats.
    fn terms_in(&self, after: &str) -> Result<Option<(String, Seats)>, String> {
        let at = self.end(Some(after)).map_err(|(_, words)| words)?.unwrap_or(self.now);
        let terms = self.read(|o| o.profile().map(|profile| profile.terms_at(at))).flatten();
        let catalog = self.tenants.catalog();
        Ok(terms.and_then(|terms| Some((catalog.plan_def(terms.plan)?.key.clone(), terms.seats))))
    }

    /// What the last step asks the application to do.
    fn effects(&self) -> Vec<String> {
        let effects = self.read(|o| o.effects(&self.last.records)).unwrap_or_default();
        let words: Vec<String> = effects.iter().flat_map(|effect| self.effect(effect)).collect();
        if words.is_empty() { one(NONE) } else { words }
    }

    fn effect(&self, effect: &Effect) -> Vec<String> {
        let person = |user: &UserId| self.someone(*user);
        let words = match effect {
            Effect::SendInvitation { address, until, .. } => {
                format!("send-invitation {address} {}", self.time_left(*until))
            }
            Effect::EndSessions { user } => format!("end-sessions {}", person(user)),
            Effect::DropShares { user } => format!("drop-shares {}", person(user)),
            Effect::DropTeamShares { team } => format!("drop-team-shares {team}"),
            Effect::HandOverContent { from, to } => format!("hand-over-content {} {}", person(from), person(to)),
            Effect::EndService { service } => {
                format!("end-service {}", self.named(Named::Service, service.as_u128()).unwrap_or_default())
            }
            Effect::OfferOwnership { from, to } => format!("offer-ownership {} {}", person(from), person(to)),
            Effect::VerifyDomain { domain } => format!("verify-domain {domain}"),
            Effect::ChangeSubscription { plan, seats, at } => {
                format!("change-subscription {plan} {seats} {}", at.map_or("now".into(), |at| self.time_left(at)))
            }
            Effect::EndAllSessions => "end-all-sessions".into(),
            Effect::CancelSubscription => "cancel-subscription".into(),
            Effect::ResumeSubscription => "resume-subscription".into(),
            Effect::DisposeOfOrganization { disposition, purge_at } => {
                let what = match disposition {
                    Disposition::Delete => "delete-everything".into(),
                    Disposition::Export => "export-everything".into(),
                    Disposition::TransferTo(id) => {
                        let name = self.named(Named::Organization, id.as_u128()).unwrap_or_default();
                        format!("transfer-everything {name}")
                    }
                };
                format!("{what} {}", self.time_left(*purge_at))
            }
            Effect::PurgeContent { kind, due } => format!("purge-content {kind} {}", self.time_left(*due)),
            Effect::CancelPurge => "cancel-purge".into(),
            Effect::DeleteWorkspaceContent { workspace } => {
                let name = self.named(Named::Workspace, workspace.as_u128()).unwrap_or_default();
                format!("delete-workspace-content {name}")
            }
            other => format!("{other:?}"),
        };
        words.split(' ').map(str::to_owned).collect()
    }

    /// Who was left out of the last batch, and why.
    fn left_out(&self) -> Vec<String> {
        let words = |left: &LeftOut| {
            let who = self.batch.get(left.item).cloned().unwrap_or_default();
            [who, left.refusal.code().to_owned()]
        };
        listed(self.last.left_out.iter().flat_map(words))
    }

    fn someone(&self, user: UserId) -> String {
        self.name_of(user).unwrap_or_else(|| "somebody".into())
    }

    fn actor_name(&self, actor: Actor) -> String {
        match actor {
            Actor::System => "platform".into(),
            Actor::Provisioner => "directory".into(),
            Actor::Service(id) => {
                format!("service:{}", self.named(Named::Service, id.as_u128()).unwrap_or_default())
            }
            Actor::Staff { staff, on_behalf_of } => {
                format!("staff:{}@{}", self.someone(staff), self.someone(on_behalf_of))
            }
            other => other.user().map_or_else(|| "somebody".into(), |user| self.someone(user)),
        }
    }

    fn time_left(&self, at: Timestamp) -> String {
        let left = at.since(self.now);
        if left == Span::default() { "now".into() } else { left.to_string() }
    }
}

/// What the profile says.
fn profile_fact(organization: &Organization, subject: &[&str], now: Timestamp) -> Vec<String> {
    let Some(profile) = organization.profile() else { return one(GONE) };
    let catalog = organization.catalog();
    let or_unset = |text: Option<&str>| vec![text.filter(|text| !text.is_empty()).unwrap_or(UNSET).to_owned()];
    match subject {
        ["name"] => vec![profile.name.to_string()],
        ["description"] => or_unset(Some(&profile.description)),
        ["preference", key] => or_unset(profile.preferences.get(*key).map(String::as_str)),
        ["kind"] => one(if profile.kind == Kind::Personal { "personal" } else { "team" }),
        ["status"] => one(match profile.status {
            _ if profile.deletion.is_some() => "deleted",
            Status::Active => "active",
            Status::PastDue => "past-due",
            Status::Suspended => "suspended",
            Status::Archived => "archived",
        }),
        ["plan"] => or_unset(catalog.plan_def(profile.terms_at(now).plan).map(|plan| plan.key.as_str())),
        ["own", "keys"] => listed(profile.own_keys.iter().map(ToString::to_string)),
        ["provider"] => or_unset(profile.provider.and_then(|provider| provider_key(organization, provider)).as_deref()),
        ["directory"] => match profile.provisioned_roles {
            None => one(UNSET),
            Some(roles) => listed(roles.iter().map(|role| organization.role_key(role).to_owned())),
        },
        other => vec![format!("nothing is known of `{}`", other.join(" "))],
    }
}

fn provider_key(organization: &Organization, provider: bailiwick::catalog::Provider) -> Option<String> {
    let catalog = organization.catalog();
    let keys = super::form::value_at(catalog, "providers");
    keys.split(',').find(|key| catalog.provider(key) == Some(provider)).map(str::to_owned)
}

/// What a role of the organization's own is like, and what it holds.
fn custom_role(organization: &Organization, key: &str) -> Vec<String> {
    let found = organization.role(key).and_then(|role| organization.custom_role(role));
    let Some(role) = found else { return one(GONE) };
    let catalog = organization.catalog();
    let held = catalog.permissions().filter(|(permission, _)| role.permissions().contains(*permission));
    let holds = held.map(|(_, def)| def.key.clone());
    [organization.role_key(role.like()).to_owned()].into_iter().chain(holds).collect()
}

/// Words in their order; a word that says so where there are none.
fn listed(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let words: Vec<String> = words.into_iter().collect();
    if words.is_empty() { one(NONE) } else { words }
}

fn one(word: &str) -> Vec<String> {
    vec![word.to_owned()]
}
