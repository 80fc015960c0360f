//! Writes JSON objects without a tree of values, whose code would be larger than the rest of the command.

use std::fmt::Write;

use crate::event::Timestamp;

/// An object that is being written, one entry a line.
#[derive(Debug)]
pub(super) struct Object {
    text: String,
    indent: usize,
}

impl Object {
    /// `indent` is that of the line on which it begins.
    pub(super) fn new(indent: usize) -> Self {
        Object { text: "{".to_owned(), indent }
    }

    /// Adds an entry whose value is JSON.
    pub(super) fn raw(&mut self, key: &str, json: &str) {
        let comma = if self.text.len() > 1 { "," } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{comma}\n{:indent$}\"{key}\": {json}", "", indent = self.indent + 2);
    }

    pub(super) fn flag(&mut self, key: &str, flag: bool) {
        self.raw(key, if flag { "true" } else { "false" });
    }

    pub(super) fn number(&mut self, key: &str, number: u64) {
        self.raw(key, &number.to_string());
    }

    /// A text, or null.
    pub(super) fn text(&mut self, key: &str, text: Option<&str>) {
        match text {
            Some(text) => self.raw(key, &quoted(text)),
            None => self.raw(key, "null"),
        }
    }

    /// A time in RFC 3339, or null.
    pub(super) fn time(&mut self, key: &str, unix_ms: Option<u64>) {
        self.text(key, unix_ms.map(|unix_ms| Timestamp(unix_ms).to_string()).as_deref());
    }

    /// An array of objects.
    pub(super) fn objects(&mut self, key: &str, objects: Vec<Object>) {
        let indent = self.indent + 4;
        let objects: Vec<String> =
            objects.into_iter().map(|object| format!("\n{:indent$}{}", "", object.end())).collect();
        let end = if objects.is_empty() { String::new() } else { format!("\n{:indent$}", "", indent = indent - 2) };
        self.raw(key, &format!("[{}{end}]", objects.join(",")));
    }

    pub(super) fn end(mut self) -> String {
        let _ = write!(self.text, "\n{:indent$}}}", "", indent = self.indent);
        self.text
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => quoted.extend(['\\', char]),
            _ if char.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(char));
            }
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn what_is_written_is_json() {
        let text = "a \"quoted\"\\ text\n\u{7f}\u{9b}\t目";
        let mut object = Object::new(0);
        object.flag("flag", true);
        object.number("number", u64::MAX);
        object.text("text", Some(text));
        object.text("nothing", None);
        object.time("time", Some(0));
        let mut inner = Object::new(4);
        inner.number("one", 1);
        object.objects("objects", vec![inner]);
        object.objects("none", Vec::new());
        let written = object.end();
        let expected = json!({
            "flag": true,
            "number": u64::MAX,
            "text": text,
            "nothing": null,
            "time": "1970-01-01T00:00:00.000Z",
            "objects": [{ "one": 1 }],
            "none": [],
        });
        assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), expected, "{written}");
        assert!(!written.chars().any(|char| char.is_control() && char != '\n'));
        // Indented as serde_json does.
        let same: Value = serde_json::from_str("{\"a\": [{\"b\": 1}]}").unwrap();
        let mut inner = Object::new(4);
        inner.number("b", 1);
        let mut object = Object::new(0);
        object.objects("a", vec![inner]);
        assert_eq!(object.end(), format!("{same:#}"));
    }
}
