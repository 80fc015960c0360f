//! Writes JSON for people and programs: indented by two spaces.

use std::fmt::Write;

/// Writes one JSON text.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    text: Vec<u8>,
    depth: usize,
    /// Whether nothing is in the present object or list yet.
    is_empty: bool,
}

impl Writer {
    /// The text of the value that `write` writes.
    pub(crate) fn text_of(write: &mut dyn FnMut(&mut Self)) -> String {
        let mut writer = Writer::default();
        write(&mut writer);
        String::from_utf8(writer.text).unwrap_or_default()
    }

    /// An object, whose entries `write` writes: a [`key`](Self::key) each, and then a value.
    pub(crate) fn object(&mut self, write: &mut dyn FnMut(&mut Self)) {
        self.nested(b"{}", write);
    }

    /// A list, whose items `write` writes: an [`item`](Self::item) each, and then a value.
    pub(crate) fn list(&mut self, write: &mut dyn FnMut(&mut Self)) {
        self.nested(b"[]", write);
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
        // Writing into memory cannot fail.
        let _ = serde_json::to_writer(&mut self.text, text);
    }

    pub(crate) fn texts(&mut self, texts: &mut dyn Iterator<Item = &str>) {
        self.list(&mut |list| {
            for text in &mut *texts {
                list.item().text(text);
            }
        });
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

    fn nested(&mut self, [open, close]: &[u8; 2], write: &mut dyn FnMut(&mut Self)) {
        self.text.push(*open);
        self.depth += 1;
        self.is_empty = true;
        write(self);
        self.depth -= 1;
        if !self.is_empty {
            self.line();
        }
        self.is_empty = false;
        self.text.push(*close);
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
    fn it_looks_like_serde_json_s() {
        let text = Writer::text_of(&mut |out| {
            out.object(&mut |out| {
                out.key("a\"b").text("ä\n");
                out.key("c").list(&mut |_| {});
                out.key("d").object(&mut |out| {
                    out.key("e").integer(-5);
                    out.key("f").null();
                });
                out.key("g").texts(&mut ["x", "y"].into_iter());
                out.key("h").bool(true);
            });
        });
        let expected = json!({ "a\"b": "ä\n", "c": [], "d": { "e": -5, "f": null }, "g": ["x", "y"], "h": true });
        assert_eq!(text, format!("{expected:#}"));
    }
}
