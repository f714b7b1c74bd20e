//! Checking: every key of the old catalog has one place in the new one, or it is said that it has none.
//!
//! Every mistake is written down before anything is given up, each at the path that it has in the file form.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::fates::{Fate, Lists, fates};
use super::moves::{Move, Verb};
use super::widening::OPTIONS;
use super::{Migration, MigrationBuilder};
use crate::catalog::{Catalog, Group, Lineage, Permission, PermissionSet, Plan, Provider, Role, RoleSet};
use crate::document::{Mistake, MistakeCode, Mistakes, Path, Report};

/// What becomes of everything that an old catalog names, by position in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    pub(super) lineage: Lineage,
    pub(super) roles: Vec<Role>,
    /// Gone where there is none.
    pub(super) groups: Vec<Option<Group>>,
    pub(super) plans: Vec<Plan>,
    pub(super) providers: Vec<Provider>,
    /// Roles of the old catalog whose holders may come to do more.
    pub(super) widened: RoleSet,
    /// Plans of the old catalog whose organizations may come to do more.
    pub(super) widened_plans: Vec<Plan>,
    /// Permissions of the new catalog that anybody may come to hold.
    pub(super) declared: PermissionSet,
    /// Options that may come to bound authority less, by their paths.
    pub(super) options: Vec<&'static str>,
}

/// Checks the moves, with the mistakes that reading them has already found.
pub(super) fn check(
    moves: MigrationBuilder,
    found: Vec<Mistake>,
    old: &Arc<Catalog>,
    new: &Arc<Catalog>,
) -> Result<Migration, Mistakes> {
    let mut checker = Checker { report: Report::default(), old, new, tables: Tables::default() };
    checker.permissions(&moves.permissions);
    checker.roles(&moves.roles);
    checker.others(&moves);
    checker.declared(&moves);
    let Checker { report, tables, .. } = checker;
    let mut mistakes = found;
    mistakes.extend(report.into_mistakes());
    Mistakes::check(mistakes)?;
    Ok(Migration { moves, tables, old: Arc::clone(old), new: Arc::clone(new) })
}

struct Checker<'c> {
    report: Report,
    old: &'c Catalog,
    new: &'c Catalog,
    tables: Tables,
}

impl Checker<'_> {
    fn permissions(&mut self, moves: &[Move]) {
        let (old, new) = (self.old, self.new);
        let lists = Lists {
            name: "permissions",
            what: "permission",
            moves,
            verbs: &[Verb::Rename, Verb::Split, Verb::Merge, Verb::Remove],
            old: old.permissions().map(|(_, def)| def.key.as_str()).collect(),
            new: new.permissions().map(|(_, def)| def.key.as_str()).collect(),
        };
        let fates = self.fates(&lists);
        let mut lineage = Lineage::unrelated(old, new);
        for (permission, fate) in (0..=u8::MAX).map(Permission::from_index).zip(&fates) {
            for target in &fate.becomes {
                lineage.relate(permission, Permission::from_index(*target));
            }
            for part in &fate.joins {
                lineage.relate_part(permission, Permission::from_index(*part));
            }
        }
        for (at, said) in moves.iter().enumerate().filter(|(_, said)| said.widen) {
            if said.verb != Verb::Merge {
                let place = Path::default().key("permissions").at(at).key("widen");
                self.report.add(&place, MistakeCode::Contradiction, "only merging permissions can widen");
            }
            said.to.iter().filter_map(|key| new.permission(key)).for_each(|merged| lineage.widen(merged));
        }
        self.tables.lineage = lineage;
    }

    fn roles(&mut self, moves: &[Move]) {
        let (old, new) = (self.old, self.new);
        let lists = Lists {
            name: "roles",
            what: "role",
            moves,
            verbs: &[Verb::Rename, Verb::Merge, Verb::Remove, Verb::Keep],
            old: old.roles().map(|(_, def)| def.key.as_str()).collect(),
            new: new.roles().map(|(_, def)| def.key.as_str()).collect(),
        };
        let fates = self.fates(&lists);
        let first = |fate: &Fate| fate.first().map_or(new.owner_role(), Role::from_index);
        self.tables.roles = fates.iter().map(first).collect();
        for (role, def) in old.roles() {
            let Some(becomes) = fates.get(usize::from(role.index())).and_then(Fate::first) else { continue };
            let (was, is) = (role == old.owner_role(), Role::from_index(becomes) == new.owner_role());
            let at = moves.iter().position(|said| said.from.contains(&def.key));
            let place = Path::default().key("roles");
            let place = at.map_or(place.clone(), |at| place.at(at));
            if was && !is {
                let message = alloc::format!("`{}` is the owner role, and what it becomes is not", def.key);
                self.report.add(&place, MistakeCode::Contradiction, message);
            } else if is && !was {
                let message = alloc::format!("nobody becomes an owner by having been `{}`", def.key);
                self.report.add(&place, MistakeCode::Contradiction, message);
            }
        }
        let widened = moves.iter().filter(|said| said.widen).flat_map(|said| &said.from);
        self.tables.widened = widened.filter_map(|key| old.role(key)).collect();
    }

    fn others(&mut self, moves: &MigrationBuilder) {
        let (old, new) = (self.old, self.new);
        let groups = self.fates(&Lists {
            name: "groups",
            what: "group",
            moves: &moves.groups,
            verbs: &[Verb::Rename, Verb::Remove],
            old: old.groups().map(|(_, def)| def.key.as_str()).collect(),
            new: new.groups().map(|(_, def)| def.key.as_str()).collect(),
        });
        self.tables.groups = groups.iter().map(|fate| fate.first().map(Group::from_index)).collect();
        let plans = self.fates(&Lists {
            name: "plans",
            what: "plan",
            moves: &moves.plans,
            verbs: &[Verb::Rename, Verb::Keep],
            old: old.plans().map(|(_, def)| def.key.as_str()).collect(),
            new: new.plans().map(|(_, def)| def.key.as_str()).collect(),
        });
        self.tables.plans = plans.iter().filter_map(Fate::first).map(Plan::from_index).collect();
        let widened = moves.plans.iter().filter(|said| said.widen).flat_map(|said| &said.from);
        self.tables.widened_plans = widened.filter_map(|key| old.plan(key)).collect();
        let providers = self.fates(&Lists {
            name: "providers",
            what: "provider",
            moves: &moves.providers,
            verbs: &[Verb::Rename],
            old: old.provider_keys().collect(),
            new: new.provider_keys().collect(),
        });
        self.tables.providers = providers.iter().filter_map(Fate::first).map(Provider::from_index).collect();
        let lists = [("groups", &moves.groups), ("providers", &moves.providers)];
        for (name, moves) in lists {
            for (at, _) in moves.iter().enumerate().filter(|(_, said)| said.widen) {
                let place = Path::default().key(name).at(at).key("widen");
                self.report.add(&place, MistakeCode::Contradiction, "only permissions, roles and plans can widen");
            }
        }
        for meter in old.meters().filter(|meter| !new.meters().any(|kept| kept == *meter)) {
            let message = alloc::format!("meter `{meter}` is not in the new catalog, and ledgers count it: keep it");
            self.report.add(&Path::default(), MistakeCode::Missing, message);
        }
    }

    /// What people may come to hold, and which options may bound less.
    fn declared(&mut self, moves: &MigrationBuilder) {
        for (at, written) in moves.gains.iter().enumerate() {
            match self.new.permission(written) {
                Some(permission) => self.tables.declared.insert(permission),
                None => {
                    let known = self.new.permissions().map(|(_, def)| def.key.as_str());
                    let place = Path::default().key("gains").at(at);
                    self.report.unknown(&place, MistakeCode::UnknownName, "permission", written, known);
                }
            }
        }
        for (at, written) in moves.options.iter().enumerate() {
            match OPTIONS.into_iter().find(|path| path == written) {
                Some(path) => self.tables.options.push(path),
                None => {
                    let place = Path::default().key("options").at(at);
                    self.report.unknown(&place, MistakeCode::UnknownName, "option of authority", written, OPTIONS);
                }
            }
        }
    }

    /// By position in the old catalog: what it becomes.
    fn fates(&mut self, lists: &Lists<'_>) -> Vec<Fate> {
        fates(lists, &mut self.report)
    }
}
