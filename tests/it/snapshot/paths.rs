//! Values as trees: which paths there are, and what becomes of a value that somebody has bent.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Every path of a value; places in lists are all one, and a question mark says that there can be nothing.
pub(super) fn collect(value: &Value, seen: &mut BTreeSet<String>) {
    walk(value, String::new(), seen);
}

fn walk(value: &Value, mut path: String, seen: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, field)| walk(field, format!("{path}.{key}"), seen)),
        Value::Array(items) => items.iter().for_each(|item| walk(item, format!("{path}[]"), seen)),
        Value::Null => path.push('?'),
        _ => {}
    }
    seen.insert(path);
}

/// A value with one thing wrong in it, for every place and every way of being wrong.
pub(super) fn bent(value: &Value) -> impl Iterator<Item = Value> + '_ {
    let mut places = Vec::new();
    pointers(value, String::new(), &mut places);
    places.into_iter().flat_map(move |place| {
        let (parent, key) = place.rsplit_once('/').map(|(parent, key)| (parent.to_owned(), key.to_owned())).unwrap();
        let mut all: Vec<Value> = Vec::new();
        let mut bend = |change: &dyn Fn(&mut Value)| {
            let mut copy = value.clone();
            change(&mut copy);
            if copy != *value {
                all.push(copy);
            }
        };
        bend(&|copy| match copy.pointer_mut(&parent) {
            Some(Value::Object(fields)) => _ = fields.remove(&key),
            Some(Value::Array(items)) => _ = items.remove(key.parse().unwrap()),
            _ => {}
        });
        bend(&|copy| match copy.pointer_mut(&parent) {
            Some(Value::Object(fields)) => _ = fields.insert("unheard_of".into(), json!(1)),
            Some(Value::Array(items)) => items.push(items[key.parse::<usize>().unwrap()].clone()),
            _ => {}
        });
        bend(&|copy| {
            if let Some(Value::Array(items)) = copy.pointer_mut(&parent) {
                let at = key.parse::<usize>().unwrap();
                let next = (at + 1) % items.len();
                items.swap(at, next);
            }
        });
        for other in others(value.pointer(&place).unwrap()) {
            bend(&|copy| *copy.pointer_mut(&place).unwrap() = other.clone());
        }
        all
    })
}

/// What could stand there instead.
pub(super) fn others(value: &Value) -> Vec<Value> {
    let plain = match value {
        Value::Number(number) => {
            let number = number.as_u64().unwrap_or(0);
            vec![
                json!(0),
                json!(1),
                json!(number.wrapping_add(1)),
                json!(number / 2),
                json!(u64::MAX),
                json!(u64::MAX - 1),
            ]
        }
        Value::String(text) => {
            let id = |n: u64| json!(format!("00000000-0000-0000-0000-{n:012}"));
            let mut all =
                vec![json!(""), json!("nobody"), json!("0".repeat(32)), json!("x".repeat(5_000)), id(2), id(999)];
            all.extend(["owner", "custom.a", "org.manage", "active", "open", "revoked", "0"].map(|word| json!(word)));
            all.push(json!(format!("{text}x")));
            all
        }
        Value::Bool(is) => vec![json!(!is)],
        Value::Array(items) => {
            let many = items.first().map(|item| json!(vec![item.clone(); 2_000]));
            many.into_iter().chain([json!([])]).collect()
        }
        Value::Object(_) => vec![json!({})],
        Value::Null => vec![json!(0), json!("nobody"), json!({}), json!([])],
    };
    plain.into_iter().chain([Value::Null]).collect()
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                pointers(field, at.clone(), all);
                all.push(at);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                let at = format!("{at}/{place}");
                pointers(item, at.clone(), all);
                all.push(at);
            }
        }
        _ => {}
    }
}

/// Everything that a snapshot of an organization can say.
#[rustfmt::skip]
pub(super) const ORGANIZATION: &[&str] = &[
    ".catalog", ".custom_roles", ".custom_roles[]", ".custom_roles[].key", ".custom_roles[].like",
    ".custom_roles[].origin", ".custom_roles[].origin.at", ".custom_roles[].origin.version",
    ".custom_roles[].permissions", ".custom_roles[].permissions[]", ".custom_roles[].reach", ".custom_roles[].title",
    ".custom_roles[]?", ".domains", ".domains[]", ".domains[][]", ".domains[][].confirmed", ".domains[][].origin",
    ".domains[][].origin.at", ".domains[][].origin.version", ".domains[][].roles", ".domains[][].roles[]", ".format",
    ".invitations", ".invitations[]", ".invitations[].accepted_by", ".invitations[].accepted_by[]",
    ".invitations[].access", ".invitations[].access[]", ".invitations[].access[][]",
    ".invitations[].access[][].added", ".invitations[].access[][].added[]", ".invitations[].access[][].removed",
    ".invitations[].access[][].removed[]", ".invitations[].access[][].role", ".invitations[].access[][].until",
    ".invitations[].address", ".invitations[].invitation", ".invitations[].issued", ".invitations[].issued.at",
    ".invitations[].issued.version", ".invitations[].roles", ".invitations[].roles[]", ".invitations[].secret",
    ".invitations[].secret[]", ".invitations[].state", ".invitations[].until", ".invitations[].uses_left", ".open",
    ".open[]", ".organization", ".people", ".people[]", ".people[].changed", ".people[].changed.at",
    ".people[].changed.version", ".people[].credits", ".people[].joined", ".people[].joined.at",
    ".people[].joined.version", ".people[].roles", ".people[].roles[]", ".people[].roles[].origin",
    ".people[].roles[].origin.at", ".people[].roles[].origin.version", ".people[].roles[].role", ".people[].rows",
    ".people[].rows[]", ".people[].rows[].changes", ".people[].rows[].changes.added",
    ".people[].rows[].changes.added[]", ".people[].rows[].changes.removed", ".people[].rows[].changes.removed[]",
    ".people[].rows[].changes.role", ".people[].rows[].changes.until", ".people[].rows[].origin",
    ".people[].rows[].origin.at", ".people[].rows[].origin.version", ".people[].rows[].workspace", ".people[].status",
    ".people[].status_from", ".people[].status_from.at", ".people[].status_from.version", ".people[].teams",
    ".people[].teams[]", ".people[].teams[].origin", ".people[].teams[].origin.at",
    ".people[].teams[].origin.version", ".people[].teams[].team", ".people[].user", ".profile",
    ".profile.archived_on", ".profile.created", ".profile.created.at", ".profile.created.version", ".profile.creator",
    ".profile.deletion", ".profile.deletion.disposition", ".profile.deletion.origin", ".profile.deletion.origin.at",
    ".profile.deletion.origin.version", ".profile.deletion.purge_at", ".profile.description", ".profile.kind",
    ".profile.name", ".profile.next_terms", ".profile.next_terms[]", ".profile.next_terms[].plan",
    ".profile.next_terms[].seats", ".profile.offer", ".profile.offer.from", ".profile.offer.origin",
    ".profile.offer.origin.at", ".profile.offer.origin.version", ".profile.offer.to", ".profile.own_keys",
    ".profile.own_keys[]", ".profile.preferences", ".profile.preferences.color", ".profile.provider",
    ".profile.provisioned_roles", ".profile.provisioned_roles[]", ".profile.status", ".profile.status_from",
    ".profile.status_from.at", ".profile.status_from.version", ".profile.terms", ".profile.terms.plan",
    ".profile.terms.seats", ".profile.terms_from", ".profile.terms_from.at", ".profile.terms_from.version",
    ".profile?", ".services", ".services[]", ".services[].name", ".services[].origin", ".services[].origin.at",
    ".services[].origin.version", ".services[].permissions", ".services[].permissions[]", ".services[].secret",
    ".services[].secret[]", ".services[].service", ".services[].sponsor", ".services[].until",
    ".services[].workspaces", ".services[].workspaces[]", ".teams", ".teams[]", ".teams[].created",
    ".teams[].created.at", ".teams[].created.version", ".teams[].name", ".teams[].team", ".version", ".workspaces",
    ".workspaces[]", ".workspaces[].archived", ".workspaces[].archived.at", ".workspaces[].archived.version",
    ".workspaces[].created", ".workspaces[].created.at", ".workspaces[].created.version", ".workspaces[].name",
    ".workspaces[].rules", ".workspaces[].rules[]", ".workspaces[].rules[].given", ".workspaces[].rules[].given[]",
    ".workspaces[].rules[].holder", ".workspaces[].rules[].holder.group", ".workspaces[].rules[].holder.team",
    ".workspaces[].rules[].origin", ".workspaces[].rules[].origin.at", ".workspaces[].rules[].origin.version",
    ".workspaces[].rules[].taken", ".workspaces[].rules[].taken[]", ".workspaces[].rules[].until",
    ".workspaces[].workspace",
];

/// Everything that a snapshot of a ledger can say, what entries say aside.
#[rustfmt::skip]
pub(super) const LEDGER: &[&str] = &[
    ".allowance", ".allowance.alerts_percent", ".allowance.alerts_percent[]", ".allowance.allocation",
    ".allowance.anchor", ".allowance.meters", ".allowance.meters[]", ".allowance.meters[].alerts_percent",
    ".allowance.meters[].alerts_percent[]", ".allowance.meters[].enforcement", ".allowance.meters[].max",
    ".allowance.meters[].meter", ".allowance.meters[].per", ".allowance.midway", ".allowance.renewal",
    ".allowance.rollover", ".allowance.rollover_periods", ".allowance.rollover_periods?", ".allowance?", ".as_of",
    ".base", ".boundary", ".clock", ".credits_left", ".credits_left[]", ".fault?", ".format", ".given", ".given[]",
    ".given[][]", ".holds", ".holds[]", ".holds[][]", ".holds[][].hold", ".holds[][].hold.above",
    ".holds[][].hold.above.overdraft", ".holds[][].hold.draws", ".holds[][].hold.draws[]",
    ".holds[][].hold.draws[].amount", ".holds[][].hold.draws[].lot", ".holds[][].hold.lease", ".holds[][].hold.left",
    ".holds[][].hold.spender", ".holds[][].hold.spender.pays", ".holds[][].hold.spender.scope",
    ".holds[][].hold.spender.scope.class", ".holds[][].hold.spender.scope.organization",
    ".holds[][].hold.spender.scope.project", ".holds[][].hold.spender.scope.service",
    ".holds[][].hold.spender.scope.user", ".holds[][].hold.spender.scope.workspace", ".holds[][].hold.timeout",
    ".holds[][].hold.until", ".holds[][].room", ".holds[][].room.amount", ".holds[][].room.meter",
    ".holds[][].room.spot", ".holds[][].room.spot.kind", ".holds[][].room.spot.project",
    ".holds[][].room.spot.workspace", ".holds[][].room.until", ".keys", ".keys.entries", ".keys.entries[]",
    ".keys.forgotten", ".keys.forgotten?", ".keys.gone", ".limits", ".limits[]", ".limits[][]", ".limits[][].class",
    ".limits[][].held", ".limits[][].max", ".limits[][].organization", ".limits[][].project", ".limits[][].raise",
    ".limits[][].raise?", ".limits[][].raise[]", ".limits[][].service", ".limits[][].since", ".limits[][].spent",
    ".limits[][].user", ".limits[][].workspace", ".lots", ".lots[]", ".lots[].active", ".lots[].class",
    ".lots[].columns", ".lots[].columns.available", ".lots[].columns.expired", ".lots[].columns.granted",
    ".lots[].columns.held", ".lots[].columns.spent", ".lots[].columns.voided", ".lots[].effective", ".lots[].expired",
    ".lots[].expires", ".lots[].expires?", ".lots[].id", ".lots[].priority", ".lots[].refundable", ".lots[].scope",
    ".lots[].scope.class", ".lots[].scope.organization", ".lots[].scope.project", ".lots[].scope.service",
    ".lots[].scope.user", ".lots[].scope.workspace", ".lots[].voided", ".memory", ".memory.keys_max",
    ".memory.refundable_max", ".memory.window", ".meters", ".meters[]", ".meters[].cells", ".meters[].cells[]",
    ".meters[].cells[][]", ".meters[].cells[][].kind", ".meters[].cells[][].project", ".meters[].cells[][].workspace",
    ".meters[].graces", ".meters[].graces[]", ".meters[].graces[][]", ".meters[].graces[][].since",
    ".meters[].graces[][].within", ".meters[].graces[][].within?", ".meters[].graces[][]?", ".meters[].levels",
    ".meters[].levels[]", ".meters[].levels[][]", ".meters[].levels[][].reserved", ".meters[].levels[][].used",
    ".meters[].levels[][]?", ".meters[].meter", ".moment", ".next", ".next?", ".next[]", ".next[].alerts_percent",
    ".next[].alerts_percent[]", ".next[].allocation", ".next[].anchor", ".next[].meters", ".next[].meters[]",
    ".next[].meters[].alerts_percent", ".next[].meters[].alerts_percent[]", ".next[].meters[].enforcement",
    ".next[].meters[].max", ".next[].meters[].meter", ".next[].meters[].per", ".next[].midway", ".next[].renewal",
    ".next[].rollover", ".next[].rollover_periods", ".next[].rollover_periods?", ".next_lot", ".organization",
    ".owed", ".past", ".past.gone", ".past.open", ".past.open[]", ".past.open[][]", ".past.open[][].draws",
    ".past.open[][].draws[]", ".past.open[][].draws[].amount", ".past.open[][].draws[].lot", ".past.open[][].lease",
    ".past.open[][].metered", ".past.open[][].owed", ".past.open[][].parts", ".past.open[][].parts[]",
    ".past.open[][].parts[][]", ".past.open[][].spender", ".past.open[][].spender.pays",
    ".past.open[][].spender.scope", ".past.open[][].spender.scope.class", ".past.open[][].spender.scope.service",
    ".past.open[][].spender.scope.user", ".past.open[][].spender.scope.workspace", ".past.over", ".past.over[]",
    ".past.over[][]", ".past.over[][].draws", ".past.over[][].draws[]", ".past.over[][].draws[].amount",
    ".past.over[][].draws[].lot", ".past.over[][].lease", ".past.over[][].metered", ".past.over[][].owed",
    ".past.over[][].parts", ".past.over[][].parts[]", ".past.over[][].parts[][]", ".past.over[][].spender",
    ".past.over[][].spender.pays", ".past.over[][].spender.scope", ".past.over[][].spender.scope.class",
    ".past.over[][].spender.scope.organization", ".past.over[][].spender.scope.project",
    ".past.over[][].spender.scope.service", ".past.over[][].spender.scope.user",
    ".past.over[][].spender.scope.workspace", ".period", ".period.carried", ".period.end", ".period.end?",
    ".period.entitled", ".period.entitled?", ".period.number", ".period.since", ".period.start", ".pool", ".pool?",
    ".pools", ".pools[]", ".totals", ".totals.available", ".totals.expired", ".totals.granted", ".totals.held",
    ".totals.spent", ".totals.voided", ".usage", ".usage[]", ".usage[][]", ".usage[][].charged", ".usage[][].class",
    ".usage[][].organization", ".usage[][].project", ".usage[][].service", ".usage[][].uncharged", ".usage[][].user",
    ".usage[][].workspace", ".version", "?",
];
