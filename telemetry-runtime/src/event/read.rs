//! Reads the value of each field back from JSON. Strings must be short names on one line, as the compiler demands of those
//! that are written; anything else is rejected.

use uuid::Uuid;

use super::FORMAT_VERSION;
use super::outcome::{Ending, TaskStatus};
use crate::declare::{MAX_DEPTH, NAME_MAX_BYTES};
use crate::json::{Items, Json};

/// A list of names that was read back. All of them are valid.
#[derive(Debug, Clone)]
pub(crate) struct ReadNames<'a>(Items<'a>);

impl<'a> ReadNames<'a> {
    /// `None` if the value is not a list of names.
    pub(super) fn read(list: Json<'a>) -> Option<Self> {
        let names = list.as_list()?;
        for item in names.clone() {
            name(item)?;
        }
        Some(ReadNames(names))
    }
}

impl<'a> Iterator for ReadNames<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        self.0.next()?.as_str()
    }
}

pub(super) fn format_version(value: Json<'_>) -> Option<u32> {
    (value.as_u64() == Some(FORMAT_VERSION.into())).then_some(FORMAT_VERSION)
}

/// As it is written: 32 hexadecimal digits.
pub(super) fn uuid(value: Json<'_>) -> Option<Uuid> {
    simple_uuid(value.as_str()?)
}

/// The id in `digits`. The parser of the crate `uuid` knows more forms, and takes 5 KB.
pub(crate) fn simple_uuid(digits: &str) -> Option<Uuid> {
    let mut id = 0;
    for digit in digits.chars() {
        id = id << 4 | u128::from(digit.to_digit(16)?);
    }
    (digits.len() == uuid::fmt::Simple::LENGTH).then_some(Uuid::from_u128(id))
}

/// A short name on one line.
pub(super) fn name(value: Json<'_>) -> Option<&str> {
    short(value.as_str()?)
}

/// `name` as it is written in JSON, if it is short, on one line, and without escapes.
pub(super) fn short(name: &str) -> Option<&str> {
    let is_refused = |char: char| char.is_control() || char == '\\';
    (name.len() <= NAME_MAX_BYTES && !name.contains(is_refused)).then_some(name)
}

/// The names on a path through a command tree.
pub(super) fn path(value: Json<'_>) -> Option<ReadNames<'_>> {
    ReadNames::read(value).filter(|names| names.clone().count() <= MAX_DEPTH)
}

/// A word, such as a platform or an error class. The latter may be a Rust name with any letters.
pub(super) fn word(value: Json<'_>) -> Option<&str> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"._+:-".contains(&byte);
    name(value).filter(|word| word.bytes().all(is_allowed))
}

pub(super) fn ending(value: Json<'_>) -> Option<Ending> {
    let name = value.as_str()?;
    Ending::ALL.into_iter().find(|ending| name == ending.as_str())
}

pub(super) fn status(value: Json<'_>) -> Option<TaskStatus> {
    let name = value.as_str()?;
    TaskStatus::ALL.into_iter().find(|status| name == status.as_str())
}

pub(super) fn exit_code(value: Json<'_>) -> Option<i32> {
    i32::try_from(value.as_i64()?).ok()
}

pub(super) fn class(value: Json<'_>) -> Option<Option<&str>> {
    if value.is_null() { Some(None) } else { word(value).map(Some) }
}
