//! Columns are what rows have: the same names in the same order, of the type that they say, in words that SQL leaves free.

use bailiwick::rows::{Column, ColumnType, Row, Table, Value};
use serde_json::Value as Json;

use super::as_written;

/// A row in serde, in its values and in the columns of its table is the same.
pub(crate) fn holds_as_written(row: &Row) {
    let (table, json) = (row.table(), serde_json::to_value(row).unwrap());
    let tables: Vec<(&String, &Json)> = json.as_object().unwrap().iter().collect();
    let [(name, fields)] = tables.as_slice() else { panic!("{json}") };
    assert_eq!(*name, table.name());
    let mut names: Vec<&str> = fields.as_object().unwrap().keys().map(String::as_str).collect();
    let mut columns: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    names.sort_unstable();
    columns.sort_unstable();
    assert_eq!(names, columns);

    let values = row.values();
    assert_eq!(values.len(), table.columns().len());
    for (column, value) in table.columns().iter().zip(&values) {
        let field = &fields[column.name];
        let is_cut = *value == Value::Integer(i64::MAX) && field.as_u64() > Some(i64::MAX as u64);
        assert!(is_cut || as_json(value) == *field, "{table}.{} is {field}, and holds {value:?}", column.name);
        fits(table, column, value);
    }
    let key = row.key();
    assert_eq!((key.table(), key.organization().to_string()), (table, text(&values[0])));
    assert_eq!(key.values(), values[..table.key().len()]);
}

fn as_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Text(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Boolean(is) => (*is).into(),
        Value::List(texts) => texts.as_slice().into(),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        other => panic!("{other:?}"),
    }
}

fn fits(table: Table, column: &Column, value: &Value) {
    let holds = match value {
        Value::Null => None,
        Value::Text(_) => Some(ColumnType::Text),
        Value::Integer(_) => Some(ColumnType::Integer),
        Value::Boolean(_) => Some(ColumnType::Boolean),
        Value::List(_) => Some(ColumnType::List),
    };
    let fits = holds.map_or(column.nullable, |holds| holds == column.holds);
    assert!(fits, "{table}.{} is {column:?} and holds {value:?}", column.name);
}

#[test]
fn tables_are_told_as_written() {
    let told = |column: &Column| {
        let holds = match column.holds {
            ColumnType::Text => "text",
            ColumnType::Integer => "integer",
            ColumnType::Boolean => "boolean",
            ColumnType::List => "list",
        };
        format!("{} {holds}{}", column.name, if column.nullable { "?" } else { "" })
    };
    let mut lines = String::new();
    for table in Table::ALL {
        let (key, rest) = table.columns().split_at(table.key().len());
        assert_eq!(key, table.key());
        assert!(key.iter().all(|column| !column.nullable) && key[0].name == "organization_id");
        let list = |columns: &[Column]| columns.iter().map(told).collect::<Vec<_>>().join(", ");
        lines += &format!("{table} ({})\n    {}\n", list(key), list(rest));
    }
    as_written("tables.txt", &lines);
}

/// What PostgreSQL, SQLite and MySQL keep for themselves, as far as a name could be it.
const RESERVED: &str = "all analyse analyze and any array as asc before between both by call cascade case change character check collate \
    column condition constraint continue create cross current_date current_time current_user cursor database databases date day_hour \
    default deferrable delete desc describe distinct div do drop each else elseif end except exists exit explain fetch float for force \
    foreign from full function grant group grouping groups having if in index initially inner insert int interval into is join key keys \
    kill lateral lead leading leave left like limit lines load lock long loop match mod natural new not null numeric of off offset old on \
    only option or order out outer over partition placing precision primary procedure purge range rank read references release rename \
    repeat replace require restrict return returning revoke right row rows schema schemas select set show some sql start symmetric \
    system table terminated then to trailing trigger true undo union unique unlock unsigned update usage use user using values variadic \
    verbose when where while window with write";

#[test]
fn no_name_is_a_reserved_word() {
    let reserved: Vec<&str> = RESERVED.split_whitespace().collect();
    for table in Table::ALL {
        for name in table.columns().iter().map(|column| column.name).chain([table.name()]) {
            assert!(!reserved.contains(&name), "{name} of {table}");
            assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{name}");
        }
    }
}

#[test]
fn no_column_holds_a_secret() {
    for (table, column) in Table::ALL.iter().flat_map(|table| table.columns().iter().map(move |column| (table, column)))
    {
        assert!(!["secret", "hash", "token"].iter().any(|word| column.name.contains(word)), "{table}.{}", column.name);
    }
}
