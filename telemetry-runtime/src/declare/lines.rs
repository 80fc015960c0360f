//! Lists of texts in single strings.

use std::cmp::Ordering;

/// The pieces of a text, each with a certain character at its end. The last one need not have it.
///
/// Like `str::split_terminator`, which is large, and is inlined wherever it is used.
#[derive(Debug, Clone)]
pub(crate) struct Pieces<'a> {
    rest: &'a str,
    end: u8,
}

impl<'a> Pieces<'a> {
    /// `end` is an ASCII character.
    pub(crate) const fn new(text: &'a str, end: u8) -> Self {
        Pieces { rest: text, end }
    }

    /// The text after the pieces so far.
    pub(crate) fn rest(&self) -> &'a str {
        self.rest
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    #[inline(never)]
    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let place = self.rest.bytes().position(|byte| byte == self.end).unwrap_or(self.rest.len());
        let piece = self.rest.get(..place)?;
        self.rest = self.rest.get(place + 1..).unwrap_or_default();
        Some(piece)
    }
}

/// Lines that are put together at run time.
///
/// A `BTreeSet` or a sorted `Vec` would be far more code in every program with the management commands, and the lists are
/// short: some hundred entries.
#[derive(Debug, Default)]
pub(crate) struct Lines(String);

impl Lines {
    pub(crate) fn iter(&self) -> Pieces<'_> {
        Pieces::new(&self.0, b'\n')
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a line at the end.
    #[inline(never)]
    pub(crate) fn push(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// Adds a line to others that are in order, each once. False if it is there already.
    #[inline(never)]
    pub(crate) fn insert(&mut self, line: &str) -> bool {
        let mut place = 0;
        for other in self.iter() {
            match other.cmp(line) {
                Ordering::Less => place += other.len() + 1,
                Ordering::Equal => return false,
                Ordering::Greater => break,
            }
        }
        self.0.insert(place, '\n');
        self.0.insert_str(place, line);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_in_order_and_there_once() {
        let mut lines = Lines::default();
        let new = ["b", "a", "", "ca", "b", "c", "é"].map(|line| lines.insert(line));
        assert_eq!(new, [true, true, true, true, false, true, true]);
        assert!(lines.iter().eq(["", "a", "b", "c", "ca", "é"]));
    }

    #[test]
    fn a_text_has_pieces() {
        for (text, pieces) in
            [("", [].as_slice()), ("a", &["a"]), ("a\tb c", &["a", "b c"]), ("\t\ta\t", &["", "", "a"])]
        {
            assert!(Pieces::new(text, b'\t').eq(pieces.iter().copied()), "{text:?}");
            assert!(Pieces::new(text, b'\t').eq(text.split_terminator('\t')), "{text:?}");
        }
    }

    #[test]
    fn lines_are_as_they_were_pushed() {
        let mut lines = Lines::default();
        assert_eq!(lines.iter().next(), None);
        ["b", "", "a", "b"].iter().for_each(|line| lines.push(line));
        assert!(lines.iter().eq(["b", "", "a", "b"]));
    }
}
