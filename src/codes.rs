//! Codes: how a "no" gets its stable code, its stable number and its text, all three in one table.

/// Makes an enum from a table. A row is a variant with its facts, the number, the code, the text, and in parentheses what the
/// text says that is no plain fact. `self: …` is how the methods take the enum: by value or by reference.
macro_rules! codes {
    (
        $(#[$attribute:meta])*
        pub enum $enum:ident, self: $receiver:ty;
        $($(#[$doc:meta])* $name:ident $({ $($(#[$fact_doc:meta])* $fact:ident: $type:ty,)+ })? = $number:literal, $code:literal, $text:literal $(($($spoken_of:tt)+))?;)+
    ) => {
        $(#[$attribute])*
        #[non_exhaustive]
        pub enum $enum {
            $($(#[$doc])* $name $({ $($(#[$fact_doc])* $fact: $type,)+ })?,)+
        }

        impl $enum {
            /// Every code with its number.
            pub const CODES: &'static [(u16, &'static str)] = &[$(($number, $code),)+];

            /// The text of every code with its number. What an answer says in a place of its own stands in braces.
            pub const TEXTS: &'static [(u16, &'static str)] = &[$(($number, $text),)+];

            /// The stable code.
            #[must_use]
            pub const fn code(self: $receiver) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)+
                }
            }

            /// The stable number, for languages without texts.
            #[must_use]
            pub const fn number(self: $receiver) -> u16 {
                match self {
                    $(Self::$name { .. } => $number,)+
                }
            }
        }

        impl core::fmt::Display for $enum {
            #[allow(unused_variables, reason = "a text speaks of the facts it needs")]
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match self {
                    $(Self::$name $({ $($fact,)+ })? => write!(f, $text $(, $($spoken_of)+)?),)+
                }
            }
        }
    };
}
pub(crate) use codes;
