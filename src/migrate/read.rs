//! Reading a migration from a document: the file form, key by key.

use alloc::string::String;
use alloc::vec::Vec;

use super::MigrationBuilder;
use super::moves::{Move, Verb};
use crate::document::{Document, Fields, Mistake, MistakeCode, Path, Report, text_of};

/// Reads the moves as far as they can be read, with the mistakes met on the way.
pub(super) fn read(document: &Document) -> (MigrationBuilder, Vec<Mistake>) {
    let mut report = Report::default();
    let mut builder = MigrationBuilder::default();
    if let Some(mut fields) = Fields::open(document, Path::default(), &mut report) {
        builder.gains = fields.texts("gains");
        builder.options = fields.texts("options");
        builder.permissions = moves(&mut fields, "permissions");
        builder.roles = moves(&mut fields, "roles");
        builder.groups = moves(&mut fields, "groups");
        builder.plans = moves(&mut fields, "plans");
        builder.providers = moves(&mut fields, "providers");
        fields.close();
    }
    (builder, report.into_mistakes())
}

/// A list of moves. One that cannot be read is held open by one that says nothing, so that places stay what they are.
fn moves(fields: &mut Fields<'_, '_>, key: &'static str) -> Vec<Move> {
    fields.list(key, |value, path, report| {
        let mut fields = Fields::open(value, path.clone(), report)?;
        let mut said: Vec<(Verb, Vec<String>)> = Vec::new();
        for (word, verb) in Verb::ALL {
            if let Some((value, path, report)) = fields.take(word) {
                said.push((verb, one_or_several(value, &path, report)));
            }
        }
        let to = fields.take("to").map(|(value, path, report)| one_or_several(value, &path, report));
        let widen = fields.flag("widen").unwrap_or(false);
        fields.close();
        let number = said.len();
        let mut said = said.into_iter();
        match said.next() {
            Some((verb, from)) if number == 1 && !from.is_empty() => {
                Some(Move { verb, from, to: to.unwrap_or_default(), widen })
            }
            _ => {
                let message = "exactly one of `rename`, `split`, `merge`, `remove` and `keep` says what becomes of it";
                report.add(&path, MistakeCode::Missing, message);
                Some(Move { verb: Verb::Keep, from: Vec::new(), to: Vec::new(), widen: false })
            }
        }
    })
}

fn one_or_several(value: &Document, path: &Path, report: &mut Report) -> Vec<String> {
    match value {
        Document::List(values) => {
            let texts = values.iter().enumerate().filter_map(|(at, value)| text_of(value, &path.at(at), report));
            texts.collect()
        }
        value => text_of(value, path, report).into_iter().collect(),
    }
}
