//! JSON schemas of the values that stand in requests and answers, as serde writes them.

use alloc::borrow::Cow;

use ::schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::each_id;
use crate::actor::Actor;
use crate::id::{
    CommandId, HoldId, InvitationId, LinkId, OrgId, ResourceId, ServiceId, ShareId, TeamId, UserId, WorkspaceId,
};
use crate::label::Label;
use crate::ledger::{Credits, Units};
use crate::limits::{ADDRESS_BYTES_MAX, LABEL_BYTES_MAX, NAME_BYTES_MAX};
use crate::organization::{Domain, Seats};
use crate::text::{Address, Name};
use crate::time::{Span, Timestamp};
use crate::version::Version;

/// Says what a type looks like in JSON.
macro_rules! looks {
    ($name:ident, $generator:pat => $schema:expr) => {
        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }

            fn schema_id() -> Cow<'static, str> {
                Cow::Borrowed(concat!("bailiwick::", stringify!($name)))
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

macro_rules! uuids {
    ($($name:ident)+) => {$(looks! { $name, _ => json_schema!({ "type": "string", "format": "uuid" }) })+};
}

macro_rules! whole_numbers {
    ($($name:ident: $says:literal,)+) => {$(
        looks! { $name, _ => json_schema!({ "type": "integer", "minimum": 0, "maximum": u64::MAX, "description": $says }) }
    )+};
}

macro_rules! texts {
    ($($name:ident: $($key:literal = $value:expr),+; $says:literal,)+) => {$(
        looks! { $name, _ => json_schema!({ "type": "string", $($key: $value,)+ "description": $says }) }
    )+};
}

each_id! { uuids }

whole_numbers! {
    Credits: "the smallest credits that the application counts",
    Seats: "seats",
    Timestamp: "milliseconds since 1970-01-01T00:00:00Z",
    Units: "bytes, or pieces of what a meter counts",
    Version: "how many events an organization has seen, or entries a ledger",
}

// A character has at least one byte.
texts! {
    Address: "format" = "email", "maxLength" = ADDRESS_BYTES_MAX; "an e-mail address",
    Domain: "format" = "hostname", "maxLength" = 253; "a domain of addresses",
    Label: "pattern" = "^[a-z][a-z0-9_.-]*$", "maxLength" = LABEL_BYTES_MAX; "a short word",
    Name: "minLength" = 1, "maxLength" = NAME_BYTES_MAX; "a name as somebody typed it",
    Span: "pattern" = "^[0-9]+(ms|s|m|h|d)$"; "a length of time, such as 15m or 30d",
}

looks! { Actor, generator => {
    let user = generator.subschema_for::<UserId>();
    let told = |word: &str, schema: Schema| {
        json_schema!({ "type": "object", "properties": { word: schema }, "required": [word], "additionalProperties": false })
    };
    let staff = json_schema!({
        "type": "object",
        "properties": { "staff": user, "on_behalf_of": user },
        "required": ["staff", "on_behalf_of"],
    });
    json_schema!({
        "description": "who asks",
        "oneOf": [
            told("user", user.clone()),
            told("staff", staff),
            told("service", generator.subschema_for::<ServiceId>()),
            told("link", generator.subschema_for::<LinkId>()),
            { "type": "string", "enum": ["provisioner", "system"] },
        ],
    })
} }

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::Value;

    use super::*;

    /// Whether a value is what its schema says; of schemas as they are made above.
    fn fits(schema: &Value, value: &Value, definitions: &Value) -> bool {
        if let Some(name) = schema["$ref"].as_str() {
            return fits(&definitions[name.rsplit('/').next().unwrap()], value, definitions);
        }
        if let Some(one) = schema["oneOf"].as_array() {
            return one.iter().filter(|schema| fits(schema, value, definitions)).count() == 1;
        }
        match schema["type"].as_str().unwrap() {
            "integer" => value.as_u64().is_some_and(|value| value <= schema["maximum"].as_u64().unwrap()),
            "string" => {
                let Some(text) = value.as_str() else { return false };
                let length = text.chars().count() as u64;
                let within = schema["maxLength"].as_u64().is_none_or(|most| length <= most)
                    && schema["minLength"].as_u64().is_none_or(|least| length >= least);
                let is_uuid = schema["format"] != "uuid" || uuid::Uuid::try_parse(text).is_ok();
                let is_one = schema["enum"].as_array().is_none_or(|words| words.contains(value));
                within && is_uuid && is_one
            }
            "object" => {
                let Some(fields) = value.as_object() else { return false };
                let known = schema["properties"].as_object().unwrap();
                fields.len() == known.len()
                    && known.iter().all(|(name, schema)| fits(schema, &value[name], definitions))
            }
            other => panic!("{other}"),
        }
    }

    fn is_as_it_looks<T: JsonSchema + Serialize>(value: &T) {
        let schema = ::schemars::schema_for!(T).to_value();
        let written = serde_json::to_value(value).unwrap();
        assert!(fits(&schema, &written, &schema["$defs"]), "{written} is not {schema}");
        assert!(!fits(&schema, &Value::Null, &schema["$defs"]), "{schema} takes anything");
    }

    #[test]
    fn what_serde_writes_is_what_the_schema_says() {
        let user = UserId::from_u64(7).unwrap();
        is_as_it_looks(&user);
        is_as_it_looks(&OrgId::from_u128(u128::MAX).unwrap());
        is_as_it_looks(&Timestamp::from_millis(u64::MAX));
        is_as_it_looks(&Span::days(30));
        is_as_it_looks(&Version::ZERO);
        is_as_it_looks(&Credits::new(9));
        is_as_it_looks(&Units::new(9));
        is_as_it_looks(&Seats::new(5));
        is_as_it_looks(&Name::new("Zo\u{eb}").unwrap());
        is_as_it_looks(&Address::new("ada@acme.example").unwrap());
        is_as_it_looks(&Domain::new("acme.example").unwrap());
        is_as_it_looks(&Label::STORAGE);
        let (service, link) = (ServiceId::from_u64(8).unwrap(), LinkId::from_u64(9).unwrap());
        let staff = Actor::Staff { staff: user, on_behalf_of: user };
        for actor in
            [Actor::User(user), staff, Actor::Service(service), Actor::Link(link), Actor::Provisioner, Actor::System]
        {
            is_as_it_looks(&actor);
        }
    }
}
