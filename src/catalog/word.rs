//! Options written as one word, or as a word with its number, such as `bearer:5` or `grace:30d`.

/// Gives an enum its word in files: `Display`, `FromStr` and serde from one table, so that they cannot differ.
macro_rules! words {
    ($name:ident { $($plain:ident = $word:literal),* $(; $($full:ident ( $inner:ty ) = $prefix:literal),* )? }) => {
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self {
                    $(Self::$plain => f.write_str($word),)*
                    $($(Self::$full(value) => write!(f, concat!($prefix, ":{}"), value),)*)?
                }
            }
        }

        impl core::str::FromStr for $name {
            type Err = alloc::string::String;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $(if text == $word { return Ok(Self::$plain); })*
                $($(if let Some(value) = text.strip_prefix(concat!($prefix, ":")) {
                    return value.parse::<$inner>().map(Self::$full).map_err(|error| alloc::format!("{error}"));
                })*)?
                let words = [$(concat!("`", $word, "`"),)* $($(concat!("`", $prefix, ":…`"),)*)?].join(", ");
                Err(alloc::format!("is no choice here; there are {words}"))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <alloc::string::String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(|why| serde::de::Error::custom(alloc::format!("`{text}` {why}")))
            }
        }
    };
}

pub(super) use words;
