//! Writes JSON for people and programs: indented by two spaces.

use std::fmt::Write;

/// Writes one JSON text. Whatever is opened must be closed.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    text: Vec<u8>,
    depth: usize,
    /// Whether nothing is in the present object or list yet.
    is_empty: bool,
}

// No method takes a closure: the dynamic linker would look after each of them at the start of every run.
impl Writer {
    /// Begins an object. Each entry is a [`key`](Self::key), and then a value.
    pub(crate) fn open_object(&mut self) {
        self.open(b'{');
    }

    pub(crate) fn close_object(&mut self) {
        self.close(b'}');
    }

    /// Begins a list. Each item is an [`item`](Self::item), and then a value.
    pub(crate) fn open_list(&mut self) {
        self.open(b'[');
    }

    pub(crate) fn close_list(&mut self) {
        self.close(b']');
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        String::from_utf8(self.text).unwrap_or_default()
    }

    pub(crate) fn key(&mut self, name: &str) -> &mut Self {
        self.item().text(name);
        self.text.extend(b": ");
        self
    }

    pub(crate) fn item(&mut self) -> &mut Self {
        if !self.is_empty {
            self.text.push(b',');
        }
        self.is_empty = false;
        self.line();
        self
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.text.push(b'"');
        for char in text.chars() {
            match char {
                '"' | '\\' => self.text.extend([b'\\', char as u8]),
                // Some of them a terminal would obey, beyond those that JSON demands.
                _ if char.is_control() => {
                    let mut escape = String::new();
                    // Writing into memory cannot fail.
                    let _ = write!(escape, "\\u{:04x}", u32::from(char));
                    self.text.extend(escape.as_bytes());
                }
                _ => self.text.extend(char.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        self.text.push(b'"');
    }

    pub(crate) fn texts(&mut self, texts: &mut dyn Iterator<Item = &str>) {
        self.open_list();
        for text in texts {
            self.item().text(text);
        }
        self.close_list();
    }

    pub(crate) fn integer(&mut self, number: i64) {
        let mut digits = String::new();
        let _ = write!(digits, "{number}");
        self.text.extend(digits.as_bytes());
    }

    /// A count, a size or a time. None of ours comes near 63 bits.
    pub(crate) fn number(&mut self, number: u64) {
        self.integer(i64::try_from(number).unwrap_or(i64::MAX));
    }

    /// The number, or null.
    #[cfg(feature = "http")]
    pub(crate) fn optional(&mut self, number: Option<u64>) {
        match number {
            Some(number) => self.number(number),
            None => self.null(),
        }
    }

    /// The text, or null.
    pub(crate) fn optional_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub(crate) fn bool(&mut self, flag: bool) {
        self.text.extend(if flag { &b"true"[..] } else { b"false" });
    }

    pub(crate) fn null(&mut self) {
        self.text.extend(b"null");
    }

    fn open(&mut self, bracket: u8) {
        self.text.push(bracket);
        self.depth += 1;
        self.is_empty = true;
    }

    fn close(&mut self, bracket: u8) {
        self.depth -= 1;
        if !self.is_empty {
            self.line();
        }
        self.is_empty = false;
        self.text.push(bracket);
    }

    fn line(&mut self) {
        self.text.push(b'\n');
        self.text.extend(std::iter::repeat_n(b' ', 2 * self.depth));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn control_characters_are_escaped() {
        let text = "a \"quoted\"\\ text\n\u{7f}\u{9b}\t目";
        let mut out = Writer::default();
        out.text(text);
        let written = out.finish();
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text, "{written}");
        assert!(!written.chars().any(char::is_control));
    }

    #[test]
    fn it_looks_like_serde_json_s() {
        let mut out = Writer::default();
        out.open_object();
        out.key("a\"b").text("ä");
        out.key("c").open_list();
        out.close_list();
        out.key("d").open_object();
        out.key("e").integer(-5);
        out.key("f").null();
        out.close_object();
        out.key("g").texts(&mut ["x", "y"].into_iter());
        out.key("h").bool(true);
        out.close_object();
        let expected = json!({ "a\"b": "ä", "c": [], "d": { "e": -5, "f": null }, "g": ["x", "y"], "h": true });
        assert_eq!(out.finish(), format!("{expected:#}"));
    }
}
