//! Writes JSON for people and programs: indented by two spaces.

use crate::text::Text;

/// Writes one JSON text. Whatever is opened must be closed.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    text: Text,
    depth: usize,
    /// Whether nothing is in the present object or list yet.
    is_empty: bool,
}

// No method takes a closure: the dynamic linker would look after each of them at the start of every run. Those that do more
// than call another are not inlined: the schema and `status` call them from a hundred places.
impl Writer {
    /// Begins an object. Each entry is a [`key`](Self::key), and then a value.
    pub(crate) fn open_object(&mut self) {
        self.open("{");
    }

    pub(crate) fn close_object(&mut self) {
        self.close("}");
    }

    /// Begins a list. Each item is an [`item`](Self::item), and then a value.
    pub(crate) fn open_list(&mut self) {
        self.open("[");
    }

    pub(crate) fn close_list(&mut self) {
        self.close("]");
    }

    /// The text.
    pub(crate) fn finish(self) -> String {
        self.text.finish()
    }

    #[inline(never)]
    pub(crate) fn key(&mut self, name: &str) -> &mut Self {
        self.item().text(name);
        self.text.put(": ");
        self
    }

    #[inline(never)]
    pub(crate) fn item(&mut self) -> &mut Self {
        if !self.is_empty {
            self.text.put(",");
        }
        self.is_empty = false;
        self.line();
        self
    }

    #[inline(never)]
    pub(crate) fn text(&mut self, text: &str) {
        self.text.put("\"");
        for char in text.chars() {
            match char {
                '"' => self.text.put("\\\""),
                '\\' => self.text.put("\\\\"),
                // Some of them a terminal would obey, beyond those that JSON demands.
                _ if char.is_control() => write!(self.text, "\\u{:04x}", u32::from(char)),
                _ => self.text.put(char.encode_utf8(&mut [0; 4])),
            }
        }
        self.text.put("\"");
    }

    #[inline(never)]
    pub(crate) fn integer(&mut self, number: i64) {
        write!(self.text, "{number}");
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
    #[inline(never)]
    pub(crate) fn optional_text(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.null(),
        }
    }

    pub(crate) fn bool(&mut self, flag: bool) {
        self.text.put(if flag { "true" } else { "false" });
    }

    pub(crate) fn null(&mut self) {
        self.text.put("null");
    }

    #[inline(never)]
    fn open(&mut self, bracket: &str) {
        self.text.put(bracket);
        self.depth += 1;
        self.is_empty = true;
    }

    #[inline(never)]
    fn close(&mut self, bracket: &str) {
        self.depth -= 1;
        if !self.is_empty {
            self.line();
        }
        self.is_empty = false;
        self.text.put(bracket);
    }

    fn line(&mut self) {
        self.text.put("\n");
        self.text.repeat("  ", self.depth);
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
        out.key("g").open_list();
        out.item().text("x");
        out.item().text("y");
        out.close_list();
        out.key("h").bool(true);
        out.close_object();
        let expected = json!({ "a\"b": "ä", "c": [], "d": { "e": -5, "f": null }, "g": ["x", "y"], "h": true });
        assert_eq!(out.finish(), format!("{expected:#}"));
    }
}
