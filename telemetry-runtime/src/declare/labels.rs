//! Names in constants, as events have them, and lists of them as single strings: of a table of strings, the dynamic linker
//! would relocate every pointer at the start of every run.

#![allow(clippy::panic)]

use std::fmt::{self, Debug, Formatter};
use std::iter;

/// The longest name in an event. Real names are much shorter.
pub(crate) const NAME_MAX_BYTES: usize = 128;

/// The maximum length of a packed text: its length is one ASCII character.
const PACKED_MAX_BYTES: usize = 127;

/// A name as the key of a field, `,"name":`, so that an event's line takes it as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key(&'static str);

impl Key {
    /// What stands before the name and, in length, after it.
    const BEFORE: usize = ",\"".len();

    /// A field that is already written.
    pub const fn new(json: &'static str) -> Self {
        Key(json)
    }

    /// What [`key`] has written.
    pub const fn of(json: &'static [u8]) -> Self {
        match std::str::from_utf8(json) {
            Ok(json) => Key(json),
            Err(_) => panic!("a key is a name and ASCII characters"),
        }
    }

    /// Fails to compile, with this message, if the name would need escapes.
    pub(super) const fn check(self, message: &'static str) {
        check_bytes(self.bytes(), message);
    }

    const fn bytes(self) -> &'static [u8] {
        inside(self.0.as_bytes(), Self::BEFORE)
    }

    pub(crate) const fn json(self) -> &'static str {
        self.0
    }

    pub(crate) fn name(self) -> &'static str {
        self.0.get(Self::BEFORE..self.0.len().saturating_sub(Self::BEFORE)).unwrap_or_default()
    }
}

impl Debug for Key {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        self.name().fmt(out)
    }
}

/// Names, each as JSON after its length as one character: `"\u{5}\"hit\"\u{6}\"miss\""`. Those of `bool` have no quotes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Labels(&'static str);

impl Labels {
    pub(super) const NONE: Self = Labels("");

    /// Names that are already packed.
    pub const fn new(packed: &'static str) -> Self {
        Labels(packed)
    }

    /// Names that [`packed`] has packed.
    pub const fn of(packed: &'static [u8]) -> Self {
        match std::str::from_utf8(packed) {
            Ok(packed) => Labels(packed),
            Err(_) => panic!("packed names are names and ASCII characters"),
        }
    }

    pub(super) const fn packed(self) -> &'static str {
        self.0
    }

    /// The number of names.
    pub const fn count(self) -> usize {
        let (mut count, mut rest) = (0, self.0.as_bytes());
        while let [length, ..] = rest {
            rest = rest.split_at(1 + *length as usize).1;
            count += 1;
        }
        count
    }

    /// The length of the longest name, in JSON.
    pub(super) const fn longest(self) -> usize {
        let (mut longest, mut rest) = (0, self.0.as_bytes());
        while let [length, ..] = rest {
            rest = rest.split_at(1 + *length as usize).1;
            longest = if *length as usize > longest { *length as usize } else { longest };
        }
        longest
    }

    /// Fails to compile if a name would need escapes in JSON.
    pub(super) const fn check(self) -> Self {
        let mut rest = self.0.as_bytes();
        while let [length, after @ ..] = rest {
            let (json, after) = after.split_at(*length as usize);
            check_bytes(if let [b'"', ..] = json { inside(json, 1) } else { json }, LABEL);
            rest = after;
        }
        self
    }

    pub(crate) fn get(self, position: usize) -> Option<&'static str> {
        std::str::from_utf8(self.json(position)?).ok().map(unquoted)
    }

    /// The name as a value in JSON. As bytes, of which the compiler need not check that they begin and end a character.
    pub(crate) fn json(self, position: usize) -> Option<&'static [u8]> {
        let mut rest = self.0.as_bytes();
        for _ in 0..position {
            let (length, after) = rest.split_first()?;
            rest = after.get(usize::from(*length)..)?;
        }
        let (length, after) = rest.split_first()?;
        after.get(..usize::from(*length))
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'static str> {
        let mut rest = self.0;
        iter::from_fn(move || {
            let end = 1 + usize::from(*rest.as_bytes().first()?);
            let json = rest.get(1..end)?;
            rest = rest.get(end..)?;
            Some(unquoted(json))
        })
    }
}

fn unquoted(json: &str) -> &str {
    json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(json)
}

/// What is left without `around` bytes at both ends.
const fn inside(bytes: &[u8], around: usize) -> &[u8] {
    bytes.split_at(bytes.len() - around).0.split_at(around).1
}

impl Debug for Labels {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}

/// The length of these names when packed between `around` and `around`.
pub const fn packed_len(names: &[&str], around: &str) -> usize {
    let (mut length, mut position) = (0, 0);
    while position < names.len() {
        length += 1 + names[position].len() + 2 * around.len();
        position += 1;
    }
    length
}

/// Packs names that only the compiler knows, each between `around` and `around`: a quote, or nothing. `N` is their
/// [`packed_len`].
pub const fn packed<const N: usize>(names: &[&str], around: &str) -> [u8; N] {
    let mut packed = [0; N];
    let (mut at, mut position) = (0, 0);
    while position < names.len() {
        let length = names[position].len() + 2 * around.len();
        assert!(length <= PACKED_MAX_BYTES, "a recorded name has at most 125 bytes");
        packed[at] = length as u8;
        at = put(&mut packed, at + 1, around);
        at = put(&mut packed, at, names[position]);
        at = put(&mut packed, at, around);
        position += 1;
    }
    packed
}

/// The length of the key with this name.
pub const fn key_len(name: &str) -> usize {
    name.len() + 2 * Key::BEFORE
}

/// The key with a name that only the compiler knows. `N` is its [`key_len`].
pub const fn key<const N: usize>(name: &str) -> [u8; N] {
    let mut key = [0; N];
    let at = put(&mut key, 0, ",\"");
    let at = put(&mut key, at, name);
    put(&mut key, at, "\":");
    key
}

/// Writes `text` at `start`. Returns where it ends.
const fn put(bytes: &mut [u8], start: usize, text: &str) -> usize {
    let text = text.as_bytes();
    let mut position = 0;
    while position < text.len() {
        bytes[start + position] = text[position];
        position += 1;
    }
    start + text.len()
}

/// Fails to compile, with this message, if `name` would need escapes in JSON, or if the queue's reader would refuse it. Events
/// are written without a look at each character, and users see the names in several places.
pub(super) const fn check_name(name: &str, message: &'static str) {
    check_bytes(name.as_bytes(), message);
}

const LABEL: &str = "a recorded name must not contain quotes, backslashes or control characters";

const fn check_bytes(name: &[u8], message: &'static str) {
    assert!(name.len() <= NAME_MAX_BYTES, "a name in events has at most 128 bytes");
    let mut rest = name;
    while let [byte, after @ ..] = rest {
        // In UTF-8, the control characters beyond ASCII are these two bytes.
        let is_control = byte.is_ascii_control() || matches!(rest, [0xc2, 0x80..=0x9f, ..]);
        if is_control || *byte == b'"' || *byte == b'\\' {
            panic!("{}", message);
        }
        rest = after;
    }
}

/// `==`, in a constant.
pub(super) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut index = 0;
    while index < a.len() {
        if a[index] != b[index] {
            return false;
        }
        index += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;

    use super::*;

    #[test]
    fn packed_names_are_found_by_position() {
        const NAMES: [&str; 3] = ["json", "", "größe"];
        const LABELS: Labels = Labels::of(&packed::<{ packed_len(&NAMES, "\"") }>(&NAMES, "\""));
        assert!(LABELS.iter().eq(NAMES));
        assert_eq!((LABELS.get(2), LABELS.get(3)), (Some("größe"), None));
        assert_eq!((LABELS.json(0), LABELS.json(3)), (Some(&b"\"json\""[..]), None));
        assert_eq!((LABELS.count(), LABELS.longest()), (3, "\"größe\"".len()));
        assert_eq!((Labels::NONE.count(), Labels::NONE.get(0)), (0, None));
        assert_eq!(LABELS, Labels::new("\u{6}\"json\"\u{2}\"\"\u{9}\"größe\"").check());
    }

    #[test]
    fn names_without_quotes_can_be_packed() {
        const NAMES: &[&str] = &["false", "true"];
        const LABELS: Labels = Labels::of(&packed::<{ packed_len(NAMES, "") }>(NAMES, ""));
        assert_eq!(LABELS, Labels::new("\u{5}false\u{4}true"));
        assert_eq!((LABELS.get(1), LABELS.json(1)), (Some("true"), Some(&b"true"[..])));
    }

    #[test]
    fn a_key_is_a_field() {
        const KEY: Key = Key::of(&key::<{ key_len("dry-run") }>("dry-run"));
        assert_eq!(KEY, Key::new(",\"dry-run\":"));
        assert_eq!(KEY.name(), "dry-run");
        assert_eq!(Key::new(",\"\":").name(), "");
    }

    #[test]
    fn names_that_need_escapes_are_refused() {
        // The length of the second is the code of a quote.
        Labels::new("\u{3}\"a\"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx").check();
        for wrong in ["a\"", "a\\", "\n", "\u{0}", "\u{7f}", "\u{80}", "a\u{9f}"] {
            assert!(catch_unwind(|| check_name(wrong, LABEL)).is_err(), "{wrong}");
            let key: &'static str = format!(",\"{wrong}\":").leak();
            assert!(catch_unwind(|| Key::new(key).check(LABEL)).is_err(), "{wrong}");
            let packed: &'static str = format!("\u{1}a{}\"{wrong}\"", char::from(2 + wrong.len() as u8)).leak();
            assert!(catch_unwind(|| Labels::new(packed).check()).is_err(), "{wrong}");
        }
        check_name("é\u{a0}\u{2028}<&>'", LABEL);
    }
    #[test]
    fn names_that_are_too_long_are_refused() {
        check_name("x".repeat(NAME_MAX_BYTES).leak(), LABEL);
        assert!(catch_unwind(|| check_name("x".repeat(NAME_MAX_BYTES + 1).leak(), LABEL)).is_err());
    }
}
