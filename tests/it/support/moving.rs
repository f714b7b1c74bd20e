//! Catalogs that have moved on: what a generated catalog could look like a version later, and the moves that lead there.
//! Which permission is which is written down here a second time, plainly, so that laws have something to compare with.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bailiwick::catalog::Catalog;
use bailiwick::document::Mistakes;
use bailiwick::migrate::{Migration, MigrationBuilder, Move};
use serde_json::{Value, json};

/// What a migration may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Moves {
    Renames,
    Everything,
}

/// An old catalog, a new one, and what leads from one to the other.
pub(crate) struct Moving {
    pub(crate) moves: MigrationBuilder,
    pub(crate) old: Arc<Catalog>,
    pub(crate) new: Arc<Catalog>,
    /// What each permission of the new catalog was.
    pub(crate) sources: BTreeMap<String, BTreeSet<String>>,
    /// What has become of each permission of the old catalog.
    pub(crate) targets: BTreeMap<String, BTreeSet<String>>,
    /// What anybody may come to hold.
    pub(crate) declared: BTreeSet<String>,
    /// What whoever had a role may come to hold.
    pub(crate) declared_of: BTreeMap<String, BTreeSet<String>>,
}

impl Moving {
    pub(crate) fn migration(&self) -> Result<Migration, Mistakes> {
        self.moves.clone().build(&self.old, &self.new)
    }

    /// What somebody with these roles may come to hold.
    pub(crate) fn declared_for(&self, roles: BTreeSet<String>) -> BTreeSet<String> {
        let of_roles = roles.iter().filter_map(|role| self.declared_of.get(role)).flatten();
        of_roles.chain(&self.declared).cloned().collect()
    }

    /// What holding some permissions was worth.
    pub(crate) fn worth(&self, had: &BTreeSet<String>) -> BTreeSet<String> {
        let worth = self.sources.iter().filter(|(_, sources)| !sources.is_empty() && sources.is_subset(had));
        worth.map(|(key, _)| key.clone()).collect()
    }

    /// What was held and is not any more.
    pub(crate) fn lost(&self, had: &BTreeSet<String>, has: &BTreeSet<String>) -> BTreeSet<String> {
        let mut lost = BTreeSet::new();
        for key in had {
            let targets = &self.targets[key];
            if targets.is_empty() {
                lost.insert(key.clone());
            }
            for target in targets.difference(has) {
                lost.insert(if self.sources[target].len() == 1 { target.clone() } else { key.clone() });
            }
        }
        lost
    }
}

/// A plain mixing generator.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % sides
    }

    fn once_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// The keys of what a role holds.
fn held(catalog: &Catalog, role: &str) -> BTreeSet<String> {
    let set = catalog.permissions_of(catalog.role(role).unwrap());
    catalog.permissions().filter(|(permission, _)| set.contains(*permission)).map(|(_, def)| def.key.clone()).collect()
}

/// A version later. `tag` keeps the keys of several versions apart.
pub(crate) fn a_version_later(old: &Arc<Catalog>, tag: &str, may: Moves, seed: u64) -> Moving {
    let mut draft = Draft {
        chance: Chance(seed),
        moves: Migration::builder(),
        old: Arc::clone(old),
        json: serde_json::to_value(&**old).unwrap(),
        tag: tag.to_owned(),
        may,
        sources: BTreeMap::new(),
        targets: BTreeMap::new(),
        declared: BTreeSet::new(),
        declared_of: BTreeMap::new(),
    };
    draft.permissions();
    let roles = draft.roles();
    draft.others(&roles);
    draft.guards();
    let Draft { mut moves, json, sources, targets, mut declared, declared_of, mut chance, .. } = draft;
    let new: Catalog = serde_json::from_value(json).unwrap_or_else(|error| panic!("{error}"));
    if chance.once_in(4) {
        let all: Vec<String> = new.permissions().map(|(_, def)| def.key.clone()).collect();
        moves = moves.gains(all.iter().map(String::as_str));
        declared.extend(all);
    }
    Moving { moves, old: Arc::clone(old), new: Arc::new(new), sources, targets, declared, declared_of }
}

struct Draft {
    chance: Chance,
    moves: MigrationBuilder,
    old: Arc<Catalog>,
    /// The new catalog as it is written.
    json: Value,
    tag: String,
    may: Moves,
    sources: BTreeMap<String, BTreeSet<String>>,
    targets: BTreeMap<String, BTreeSet<String>>,
    declared: BTreeSet<String>,
    declared_of: BTreeMap<String, BTreeSet<String>>,
}

fn add(moves: &mut MigrationBuilder, what: impl FnOnce(MigrationBuilder) -> MigrationBuilder) {
    *moves = what(std::mem::take(moves));
}

fn with_key(def: &Value, key: &str) -> Value {
    let mut def = def.clone();
    def["key"] = json!(key);
    def
}

impl Draft {
    /// What is done with the next one: 0 and more is nothing.
    fn turn(&mut self) -> u64 {
        match self.may {
            Moves::Renames => 3 + self.chance.below(2),
            Moves::Everything => self.chance.below(16),
        }
    }

    fn relate(&mut self, old: &[String], new: &[String]) {
        for old in old {
            self.targets.entry(old.clone()).or_default().extend(new.iter().cloned());
        }
        for new in new {
            self.sources.entry(new.clone()).or_default().extend(old.iter().cloned());
        }
    }

    fn stays(&mut self, key: String) {
        let same = [key];
        self.relate(&same, &same);
    }

    fn permissions(&mut self) {
        let defs = self.json["permissions"].as_array().unwrap().clone();
        let mut new = Vec::new();
        let mut left = defs.iter();
        while let Some(def) = left.next() {
            let key = def["key"].as_str().unwrap().to_owned();
            let (renamed, tag) = (format!("{key}_{}", self.tag), self.tag.clone());
            match self.turn() {
                0 => {
                    add(&mut self.moves, |moves| moves.permissions([Move::remove(&key)]));
                    self.relate(&[key], &[]);
                }
                1 => {
                    let first = if self.chance.once_in(2) { key.clone() } else { renamed };
                    let second = format!("{key}_part_{tag}");
                    add(&mut self.moves, |moves| moves.permissions([Move::split(&key, [first.as_str(), &second])]));
                    new.push(with_key(def, &first));
                    let mut part = with_key(def, &second);
                    part.as_object_mut().unwrap().remove("guards");
                    new.push(part);
                    self.relate(&[key], &[first, second]);
                }
                2 => {
                    let Some(other) = left.next() else {
                        new.push(def.clone());
                        self.stays(key);
                        continue;
                    };
                    let other_key = other["key"].as_str().unwrap().to_owned();
                    let merged = if self.chance.once_in(2) { other_key.clone() } else { renamed };
                    let mut merge = Move::merge([key.as_str(), &other_key], &merged);
                    if self.chance.once_in(3) {
                        merge = merge.widening();
                        self.declared.insert(merged.clone());
                    }
                    add(&mut self.moves, |moves| moves.permissions([merge]));
                    new.push(with_key(if self.chance.once_in(2) { def } else { other }, &merged));
                    self.relate(&[key, other_key], &[merged]);
                }
                3 => {
                    add(&mut self.moves, |moves| moves.permissions([Move::rename(&key, &renamed)]));
                    new.push(with_key(def, &renamed));
                    self.relate(&[key], &[renamed]);
                }
                _ => {
                    let mut def = def.clone();
                    if self.may == Moves::Everything && self.chance.once_in(32) {
                        def["scope"] = json!("organization");
                    }
                    new.push(def);
                    self.stays(key);
                }
            }
        }
        if self.may == Moves::Everything && self.chance.once_in(6) {
            let added = format!("added.in_{}", self.tag);
            new.push(json!({ "key": added, "scope": "workspace" }));
            self.sources.insert(added, BTreeSet::new());
        }
        self.json["permissions"] = Value::Array(new);
    }

    /// What one permission guards, another one of its scope does, now and then.
    fn guards(&mut self) {
        if self.may == Moves::Renames || !self.chance.once_in(4) {
            return;
        }
        let defs = self.json["permissions"].as_array_mut().unwrap();
        let Some(from) = defs.iter().position(|def| def.get("guards").is_some()) else { return };
        let scope = defs[from]["scope"].clone();
        let others: Vec<usize> = (0..defs.len()).filter(|at| *at != from && defs[*at]["scope"] == scope).collect();
        if others.is_empty() {
            return;
        }
        let to = others[usize::try_from(self.chance.below(others.len() as u64)).unwrap()];
        let guards = defs[from].as_object_mut().unwrap().remove("guards").unwrap();
        let both = defs[to].get("guards").and_then(Value::as_array).cloned().unwrap_or_default();
        defs[to]["guards"] = both.into_iter().chain(guards.as_array().unwrap().iter().cloned()).collect();
    }

    /// What the holders of some roles all held is worth.
    fn worth(&self, roles: &[&str]) -> Vec<String> {
        let all = |had: &BTreeSet<String>| {
            let worth = self.sources.iter().filter(|(_, sources)| !sources.is_empty() && sources.is_subset(had));
            worth.map(|(key, _)| key.clone()).collect::<BTreeSet<String>>()
        };
        let each: Vec<BTreeSet<String>> = roles.iter().map(|role| all(&held(&self.old, role))).collect();
        let mut common = each[0].clone();
        common.retain(|key| each.iter().all(|worth| worth.contains(key)));
        common.into_iter().collect()
    }

    /// The roles, and which one became which.
    fn roles(&mut self) -> BTreeMap<String, String> {
        let defs = self.json["roles"].as_array().unwrap().clone();
        let mut becomes: BTreeMap<String, String> = BTreeMap::new();
        let (mut new, mut removed) = (Vec::new(), Vec::new());
        let mut left = defs.iter().filter(|def| def["owner"] != json!(true));
        let owner = defs.iter().find(|def| def["owner"] == json!(true)).unwrap();
        let kept = |def: &Value, key: &str, permissions: Vec<String>| {
            let mut def = with_key(def, key);
            def["permissions"] = json!(permissions);
            def.as_object_mut().unwrap().remove("extends");
            def
        };
        let owner_key = owner["key"].as_str().unwrap();
        let owner_becomes = if self.turn() == 3 { format!("{owner_key}_{}", self.tag) } else { owner_key.to_owned() };
        if owner_becomes != owner_key {
            add(&mut self.moves, |moves| moves.roles([Move::rename(owner_key, &owner_becomes)]));
        }
        new.push(kept(owner, &owner_becomes, self.worth(&[owner_key])));
        becomes.insert(owner_key.to_owned(), owner_becomes.clone());
        while let Some(def) = left.next() {
            let key = def["key"].as_str().unwrap().to_owned();
            let mut worth = self.worth(&[&key]);
            match self.turn() {
                0 | 5 => removed.push(key),
                1 => {
                    let Some(other) = left.next() else {
                        new.push(kept(def, &key, worth));
                        becomes.insert(key.clone(), key);
                        continue;
                    };
                    let other_key = other["key"].as_str().unwrap().to_owned();
                    let merged = if self.chance.once_in(2) { other_key.clone() } else { format!("{key}_{}", self.tag) };
                    let all = if self.chance.once_in(2) { self.worth(&[&key, &other_key]) } else { worth };
                    let mut merge = Move::merge([key.as_str(), &other_key], &merged);
                    if self.chance.once_in(2) {
                        merge = merge.widening();
                        for role in [&key, &other_key] {
                            self.declared_of.entry(role.clone()).or_default().extend(all.iter().cloned());
                        }
                    }
                    add(&mut self.moves, |moves| moves.roles([merge]));
                    new.push(kept(def, &merged, all));
                    becomes.extend([(key, merged.clone()), (other_key, merged)]);
                }
                2 => {
                    // It comes to do more, on purpose or not.
                    worth.extend(self.sources.keys().next().cloned());
                    worth.dedup();
                    if self.chance.once_in(2) {
                        add(&mut self.moves, |moves| moves.roles([Move::keep(&key).widening()]));
                        self.declared_of.entry(key.clone()).or_default().extend(worth.iter().cloned());
                    }
                    new.push(kept(def, &key, worth));
                    becomes.insert(key.clone(), key);
                }
                3 => {
                    let renamed = format!("{key}_{}", self.tag);
                    add(&mut self.moves, |moves| moves.roles([Move::rename(&key, &renamed)]));
                    new.push(kept(def, &renamed, worth));
                    becomes.insert(key, renamed);
                }
                _ => {
                    new.push(kept(def, &key, worth));
                    becomes.insert(key.clone(), key);
                }
            }
        }
        let others: Vec<String> = becomes.values().filter(|key| **key != owner_becomes).cloned().collect();
        for key in removed {
            let def = defs.iter().find(|def| def["key"] == json!(key)).unwrap();
            if others.is_empty() {
                new.push(kept(def, &key, self.worth(&[&key])));
                becomes.insert(key.clone(), key);
                continue;
            }
            let fallback = others[usize::try_from(self.chance.below(others.len() as u64)).unwrap()].clone();
            let mut removal = Move::remove(&key).falling_back_to(&fallback);
            if self.chance.once_in(4) {
                removal = removal.widening();
                let there = new.iter().find(|def| def["key"] == json!(fallback)).unwrap();
                let holds = there["permissions"].as_array().unwrap().iter();
                let holds = holds.map(|key| key.as_str().unwrap().to_owned());
                self.declared_of.entry(key.clone()).or_default().extend(holds);
            }
            add(&mut self.moves, |moves| moves.roles([removal]));
            becomes.insert(key, fallback);
        }
        self.json["roles"] = Value::Array(new);
        becomes
    }

    /// Groups, plans, providers; and wherever a catalog itself names roles and plans.
    fn others(&mut self, roles: &BTreeMap<String, String>) {
        let follow = |list: &mut Value| {
            for key in list.as_array_mut().into_iter().flatten() {
                *key = json!(roles[key.as_str().unwrap()]);
            }
        };
        for def in self.json["roles"].as_array_mut().unwrap() {
            if let Some(list) = def.get_mut("assigned_by") {
                follow(list);
            }
            if let Some(key) = def.get_mut("falls_back_to") {
                *key = json!(roles[key.as_str().unwrap()]);
            }
        }
        if let Some(list) = self.json["policy"].get_mut("creator_roles") {
            follow(list);
        }
        let mut groups = Vec::new();
        for mut def in self.json.get("groups").and_then(Value::as_array).cloned().unwrap_or_default() {
            let key = def["key"].as_str().unwrap().to_owned();
            follow(&mut def["roles"]);
            let several = def["roles"].as_array().unwrap().len() > 1;
            if several && self.may == Moves::Everything && self.chance.once_in(6) {
                def["roles"].as_array_mut().unwrap().pop();
            }
            match self.turn() {
                0 => add(&mut self.moves, |moves| moves.groups([Move::remove(&key)])),
                2 | 3 => {
                    let renamed = format!("{key}_{}", self.tag);
                    add(&mut self.moves, |moves| moves.groups([Move::rename(&key, &renamed)]));
                    groups.push(with_key(&def, &renamed));
                }
                _ => groups.push(def),
            }
        }
        self.json["groups"] = Value::Array(groups);
        let mut renamed: BTreeMap<String, String> = BTreeMap::new();
        for def in self.json.get_mut("plans").and_then(Value::as_array_mut).into_iter().flatten() {
            let key = def["key"].as_str().unwrap().to_owned();
            if self.chance.once_in(3) {
                let becomes = format!("{key}_{}", self.tag);
                add(&mut self.moves, |moves| moves.plans([Move::rename(&key, &becomes)]));
                def["key"] = json!(becomes);
                renamed.insert(key, becomes);
            }
        }
        if let Some(plan) = self.json["policy"].get_mut("personal").and_then(|personal| personal.get_mut("plan")) {
            if let Some(becomes) = renamed.get(plan.as_str().unwrap()) {
                *plan = json!(becomes);
            }
        }
        let Some(first) = self.json["providers"].get(0).and_then(Value::as_str).map(str::to_owned) else { return };
        if self.chance.once_in(2) {
            let becomes = format!("{first}_{}", self.tag);
            add(&mut self.moves, |moves| moves.providers([Move::rename(&first, &becomes)]));
            self.json["providers"][0] = json!(becomes);
            for def in self.json["plans"].as_array_mut().unwrap() {
                if def.get("identity_provider") == Some(&json!(first)) {
                    def["identity_provider"] = json!(becomes);
                }
            }
        }
    }
}
