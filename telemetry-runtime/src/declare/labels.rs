//! Names in constants, and lists of them as single strings: of a table of strings, the dynamic linker would relocate every
//! pointer at the start of every run.

#![allow(clippy::panic)]

use std::fmt::{self, Debug, Formatter};
use std::iter;

/// The maximum length of a name: its length is one ASCII character.
const NAME_MAX_BYTES: usize = 127;

/// Names, each after its length as one character: `"\u{3}hit\u{4}miss"`.
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

    /// The length of the longest name.
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
            let (name, after) = after.split_at(*length as usize);
            check_bytes(name, LABEL);
            rest = after;
        }
        self
    }

    pub(crate) fn get(self, position: usize) -> Option<&'static str> {
        let mut start = 1;
        for _ in 0..position {
            start += 1 + usize::from(*self.0.as_bytes().get(start - 1)?);
        }
        let length = usize::from(*self.0.as_bytes().get(start - 1)?);
        self.0.get(start..start + length)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'static str> {
        let mut rest = self.0;
        iter::from_fn(move || {
            let end = 1 + usize::from(*rest.as_bytes().first()?);
            let name = rest.get(1..end)?;
            rest = rest.get(end..)?;
            Some(name)
        })
    }
}

impl Debug for Labels {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}

/// The length of these names when packed.
pub const fn packed_len(names: &[&str]) -> usize {
    let (mut length, mut position) = (0, 0);
    while position < names.len() {
        length += 1 + names[position].len();
        position += 1;
    }
    length
}

/// Packs names that only the compiler knows. `N` is their [`packed_len`].
pub const fn packed<const N: usize>(names: &[&str]) -> [u8; N] {
    let mut packed = [0; N];
    let (mut at, mut position) = (0, 0);
    while position < names.len() {
        let name = names[position].as_bytes();
        assert!(name.len() <= NAME_MAX_BYTES, "a recorded name has at most 127 bytes");
        packed[at] = name.len() as u8;
        at += 1;
        let mut byte = 0;
        while byte < name.len() {
            packed[at] = name[byte];
            at += 1;
            byte += 1;
        }
        position += 1;
    }
    packed
}

/// Fails to compile, with this message, if `name` would need escapes in JSON. Events are written without a look at each
/// character, and users see the names in several places.
pub(super) const fn check_name(name: &str, message: &'static str) {
    check_bytes(name.as_bytes(), message);
}

const LABEL: &str = "a recorded name must not contain quotes, backslashes or control characters";

const fn check_bytes(name: &[u8], message: &'static str) {
    let mut position = 0;
    while position < name.len() {
        if name[position] < b' ' || name[position] == b'"' || name[position] == b'\\' {
            panic!("{}", message);
        }
        position += 1;
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
        const LABELS: Labels = Labels::of(&packed::<{ packed_len(&NAMES) }>(&NAMES));
        assert!(LABELS.iter().eq(NAMES));
        assert_eq!((LABELS.get(2), LABELS.get(3)), (Some("größe"), None));
        assert_eq!((LABELS.count(), LABELS.longest()), (3, "größe".len()));
        assert_eq!((Labels::NONE.count(), Labels::NONE.get(0)), (0, None));
        assert_eq!(LABELS, Labels::new("\u{4}json\u{0}\u{7}größe").check());
    }

    #[test]
    fn names_that_need_escapes_are_refused() {
        // The length of the second is the code of a quote.
        Labels::new("\u{1}a\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx").check();
        for wrong in ["a\"", "a\\", "\n", "\u{0}"] {
            assert!(catch_unwind(|| check_name(wrong, LABEL)).is_err(), "{wrong}");
            let packed: &'static str = format!("\u{1}a{}{wrong}", char::from(wrong.len() as u8)).leak();
            assert!(catch_unwind(|| Labels::new(packed).check()).is_err(), "{wrong}");
        }
    }
}
