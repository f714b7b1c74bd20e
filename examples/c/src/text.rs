//! Texts that the library hands out.

use std::ffi::c_char;
use std::mem::MaybeUninit;
use std::ptr;

use bailiwick_bridge::failure::Failure;

use crate::door;
use crate::table::{self, Handle, Kind, Thing};

/// A text of the library's. The caller gives it back with `bw_free`.
pub type TextHandle = Handle;

/// The bytes of a text: UTF-8, ended by a zero; `NULL` for what is no text. They live until the text is given back.
#[no_mangle]
pub extern "C" fn bw_text_data(text: TextHandle) -> *const c_char {
    bytes_of(text, |bytes| bytes.as_ptr().cast()).unwrap_or(ptr::null())
}

/// How many bytes a text has, the zero at its end not counted; 0 for what is no text.
#[no_mangle]
pub extern "C" fn bw_text_length(text: TextHandle) -> usize {
    bytes_of(text, |bytes| bytes.len().saturating_sub(1)).unwrap_or(0)
}

/// Hands a text out.
pub(crate) fn hand_out(place: &mut MaybeUninit<TextHandle>, text: String) -> Result<(), Failure> {
    let mut bytes = text.into_bytes();
    bytes.push(0);
    place.write(table::put(Thing::Text(bytes.into_boxed_slice()))?);
    Ok(())
}

/// Hands a text out to those who want it.
pub(crate) fn hand_out_if(place: Option<&mut MaybeUninit<TextHandle>>, text: String) -> Result<(), Failure> {
    place.map_or(Ok(()), |place| hand_out(place, text))
}

fn bytes_of<R>(text: TextHandle, using: impl FnOnce(&[u8]) -> R) -> Option<R> {
    let mut found = None;
    door::done(|| {
        found = Some(table::with(text, Kind::Text, |thing| match thing {
            Thing::Text(bytes) => Some(using(bytes)),
            _ => None,
        })?);
        Ok(())
    });
    found
}
