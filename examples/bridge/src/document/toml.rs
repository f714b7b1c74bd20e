//! TOML, with the place of everything in it.

use bailiwick::document::Document;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer, Error};

use super::Flaw;
use super::node::{Entry, Inside, Node};

pub(super) fn read(text: &str) -> Result<(Document, Node), Vec<Flaw>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors.iter().map(flaw).collect());
    }
    let tree = Node { span: table.span(), inside: inside_of_table(table.get_ref()) };
    let document = Document::deserialize(Deserializer::from(table)).map_err(|why| vec![flaw(&why)])?;
    Ok((document, tree))
}

fn flaw(why: &Error) -> Flaw {
    Flaw { text: why.message().to_owned(), span: why.span().unwrap_or(0..0) }
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let inside = match value.get_ref() {
        DeValue::Array(items) => Inside::List(items.iter().map(node).collect()),
        DeValue::Table(table) => inside_of_table(table),
        _ => Inside::Nothing,
    };
    Node { span: value.span(), inside }
}

fn inside_of_table(table: &DeTable<'_>) -> Inside {
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let key: &Spanned<toml::de::DeString<'_>> = key;
        Entry { key: key.get_ref().to_string(), span: key.span(), value: node(value) }
    };
    Inside::Table(table.iter().map(entry).collect())
}
