//! Checking: every key of the old catalog has one place in the new one, or it is said that it has none.
//!
//! Every mistake is written down before anything is given up, each at the path that it has in the file form.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::moves::{Move, Verb};
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
    /// Permissions of the new catalog that people may come to hold.
    pub(super) declared: PermissionSet,
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

/// One list of moves, and the keys on both sides, in the order of their positions.
struct Lists<'m> {
    name: &'static str,
    /// What one of them is called.
    what: &'static str,
    moves: &'m [Move],
    verbs: &'static [Verb],
    old: Vec<&'m str>,
    new: Vec<&'m str>,
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
            for target in fate {
                lineage.relate(permission, Permission::from_index(*target));
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
        let first = |fate: &Vec<u8>| fate.first().copied().map_or(new.owner_role(), Role::from_index);
        self.tables.roles = fates.iter().map(first).collect();
        for (role, def) in old.roles() {
            let Some(becomes) = fates.get(usize::from(role.index())).and_then(|fate| fate.first()) else { continue };
            let (was, is) = (role == old.owner_role(), Role::from_index(*becomes) == new.owner_role());
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
        self.tables.groups = groups.iter().map(|fate| fate.first().copied().map(Group::from_index)).collect();
        let plans = self.fates(&Lists {
            name: "plans",
            what: "plan",
            moves: &moves.plans,
            verbs: &[Verb::Rename],
            old: old.plans().map(|(_, def)| def.key.as_str()).collect(),
            new: new.plans().map(|(_, def)| def.key.as_str()).collect(),
        });
        self.tables.plans = plans.iter().flatten().copied().map(Plan::from_index).collect();
        let providers = self.fates(&Lists {
            name: "providers",
            what: "provider",
            moves: &moves.providers,
            verbs: &[Verb::Rename],
            old: old.provider_keys().collect(),
            new: new.provider_keys().collect(),
        });
        self.tables.providers = providers.iter().flatten().copied().map(Provider::from_index).collect();
        let lists = [("groups", &moves.groups), ("plans", &moves.plans), ("providers", &moves.providers)];
        for (name, moves) in lists {
            for (at, _) in moves.iter().enumerate().filter(|(_, said)| said.widen) {
                let place = Path::default().key(name).at(at).key("widen");
                self.report.add(&place, MistakeCode::Contradiction, "only permissions and roles can widen");
            }
        }
        for meter in old.meters().filter(|meter| !new.meters().any(|kept| kept == *meter)) {
            let message = alloc::format!("meter `{meter}` is not in the new catalog, and ledgers count it: keep it");
            self.report.add(&Path::default(), MistakeCode::Missing, message);
        }
    }

    /// What people may come to hold: what is listed, merged permissions that widen, and whatever the new roles of widened
    /// ones hold.
    fn declared(&mut self, moves: &MigrationBuilder) {
        let new = self.new;
        let mut declared = self.tables.lineage.widened();
        for (at, written) in moves.gains.iter().enumerate() {
            match new.permission(written) {
                Some(permission) => declared.insert(permission),
                None => {
                    let known = new.permissions().map(|(_, def)| def.key.as_str());
                    let place = Path::default().key("gains").at(at);
                    self.report.unknown(&place, MistakeCode::UnknownName, "permission", written, known);
                }
            }
        }
        for role in self.tables.widened.iter() {
            let becomes = self.tables.roles.get(usize::from(role.index()));
            declared |= becomes.map(|role| new.permissions_of(*role)).unwrap_or_default();
        }
        self.tables.declared = declared;
    }

    /// By position in the old catalog: what it becomes, as positions in the new one.
    fn fates(&mut self, lists: &Lists<'_>) -> Vec<Vec<u8>> {
        let position =
            |keys: &[&str], key: &str| keys.iter().position(|known| *known == key).and_then(|at| u8::try_from(at).ok());
        let root = Path::default().key(lists.name);
        let mut fates: Vec<Option<Vec<u8>>> = lists.old.iter().map(|_| None).collect();
        let mut taken: Vec<bool> = lists.new.iter().map(|_| false).collect();
        for (at, said) in lists.moves.iter().enumerate() {
            let place = root.at(at);
            if said.verb == Verb::Keep && said.from.is_empty() {
                continue; // could not be read
            }
            self.shape(lists, said, &place);
            let targets: Vec<u8> = match said.verb {
                Verb::Keep => said.from.iter().filter_map(|key| position(&lists.new, key)).collect(),
                _ => said.to.iter().filter_map(|key| position(&lists.new, key)).collect(),
            };
            let written = if said.verb == Verb::Keep { &said.from } else { &said.to };
            for key in written.iter().filter(|key| position(&lists.new, key).is_none()) {
                let what = alloc::format!("{} of the new catalog", lists.what);
                let place = if said.verb == Verb::Keep { place.key("keep") } else { place.key("to") };
                self.report.unknown(&place, MistakeCode::UnknownName, &what, key, lists.new.iter().copied());
            }
            for target in targets.iter().filter(|_| said.verb != Verb::Remove) {
                let claimed = taken.get_mut(usize::from(*target));
                if claimed.is_some_and(|claimed| core::mem::replace(claimed, true)) {
                    let key = lists.new.get(usize::from(*target)).copied().unwrap_or_default();
                    let message = alloc::format!("`{key}` comes from elsewhere already: merge what becomes of it");
                    self.report.add(&place, MistakeCode::Duplicate, message);
                }
            }
            for key in &said.from {
                let Some(old) = position(&lists.old, key) else {
                    let what = alloc::format!("{} of the old catalog", lists.what);
                    let place = place.key(said.verb.as_str());
                    self.report.unknown(&place, MistakeCode::UnknownName, &what, key, lists.old.iter().copied());
                    continue;
                };
                let fate = fates.get_mut(usize::from(old));
                if fate.is_some_and(|fate| fate.replace(targets.clone()).is_some()) {
                    let message = alloc::format!("it is said already what becomes of `{key}`");
                    self.report.add(&place.key(said.verb.as_str()), MistakeCode::Duplicate, message);
                }
            }
        }
        let mut settled = Vec::with_capacity(fates.len());
        for (key, fate) in lists.old.iter().zip(fates) {
            settled.push(fate.unwrap_or_else(|| match position(&lists.new, key) {
                Some(same) => {
                    if taken.get(usize::from(same)) == Some(&true) {
                        let message =
                            alloc::format!("`{key}` is in both catalogs, and something else becomes it: merge the two");
                        self.report.add(&root, MistakeCode::Contradiction, message);
                    }
                    [same].into()
                }
                None => {
                    let words: Vec<&str> =
                        lists.verbs.iter().filter(|verb| **verb != Verb::Keep).map(|verb| verb.as_str()).collect();
                    let message = alloc::format!(
                        "{} `{key}` of the old catalog is not in the new one: {} it",
                        lists.what,
                        words.join(", ")
                    );
                    self.report.add(&root, MistakeCode::Missing, message);
                    Vec::new()
                }
            }));
        }
        settled
    }

    /// Whether a move is one for its list, and names as many keys as it needs.
    fn shape(&mut self, lists: &Lists<'_>, said: &Move, place: &Path) {
        if !lists.verbs.contains(&said.verb) {
            let message = alloc::format!("a {} cannot be told to {}", lists.what, said.verb.as_str());
            self.report.add(place, MistakeCode::Contradiction, message);
            return;
        }
        let is_role = lists.name == "roles";
        let (from, to) = (said.from.len(), said.to.len());
        let (fits, message) = match said.verb {
            Verb::Rename => (from == 1 && to == 1, "one key is renamed `to` one key"),
            Verb::Split => (from == 1 && to >= 2, "one key is split `to` several"),
            Verb::Merge => (from >= 2 && to == 1, "several keys are merged `to` one"),
            Verb::Remove if is_role => (from == 1 && to == 1, "whoever had a removed role falls back `to` another one"),
            Verb::Remove => (from == 1 && to == 0, "what is removed becomes nothing"),
            Verb::Keep => (from == 1 && to == 0, "one key is kept as it is"),
        };
        if !fits {
            self.report.add(place, MistakeCode::BadValue, message);
        }
        let repeated =
            said.to.iter().enumerate().any(|(at, key)| said.to.iter().take(at).any(|earlier| earlier == key));
        if repeated {
            self.report.add(&place.key("to"), MistakeCode::Duplicate, "this key stands there already");
        }
    }
}
