//! Reads any JSON whose numbers are integers.

/// The deepest nesting that is read. Ours is at most three.
const MAX_DEPTH: usize = 8;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Integer(i64),
    Text(String),
    List(Vec<Json>),
    /// In the order of the text. A key may be there twice.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// `None` if `text` is not one JSON value, has a number with a fraction, an exponent or more than 64 bits, or is nested
    /// deeper than [`MAX_DEPTH`].
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let mut reader = Reader { rest: std::str::from_utf8(text).ok()? };
        let value = reader.value(0)?;
        reader.skip_space();
        reader.rest.is_empty().then_some(value)
    }

    /// The first value of `key`; null if there is none.
    pub(crate) fn get(&self, key: &str) -> &Json {
        let entries = self.as_object().unwrap_or_default();
        entries.iter().find(|(name, _)| name == key).map_or(&Json::Null, |(_, value)| value)
    }

    pub(crate) fn as_object(&self) -> Option<&[(String, Json)]> {
        if let Json::Object(entries) = self { Some(entries) } else { None }
    }

    pub(crate) fn as_list(&self) -> Option<&[Json]> {
        if let Json::List(items) = self { Some(items) } else { None }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }

    pub(crate) fn as_i64(&self) -> Option<i64> {
        if let Json::Integer(number) = self { Some(*number) } else { None }
    }

    pub(crate) fn as_u64(&self) -> Option<u64> {
        self.as_i64().and_then(|number| u64::try_from(number).ok())
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Json::Bool(flag) = self { Some(*flag) } else { None }
    }
}

/// The unread rest of the text.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<Json> {
        self.skip_space();
        Some(match self.rest.bytes().next()? {
            b'"' => Json::Text(self.string()?),
            b'[' => {
                let mut items = Vec::new();
                self.sequence('[', ']', depth, &mut |reader| {
                    items.push(reader.value(depth + 1)?);
                    Some(())
                })?;
                Json::List(items)
            }
            b'{' => {
                let mut entries = Vec::new();
                self.sequence('{', '}', depth, &mut |reader| {
                    let key = reader.string()?;
                    reader.expect(':')?;
                    entries.push((key, reader.value(depth + 1)?));
                    Some(())
                })?;
                Json::Object(entries)
            }
            _ => self.word()?,
        })
    }

    /// Calls `each` for every element between `open` and `close`.
    fn sequence(
        &mut self,
        open: char,
        close: char,
        depth: usize,
        each: &mut dyn FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.expect(open)?;
        if depth == MAX_DEPTH {
            return None;
        }
        if self.expect(close).is_some() {
            return Some(());
        }
        loop {
            each(self)?;
            if self.expect(close).is_some() {
                return Some(());
            }
            self.expect(',')?;
        }
    }

    fn string(&mut self) -> Option<String> {
        self.expect('"')?;
        let mut text = String::new();
        loop {
            // By bytes: in UTF-8, none of these is ever part of another character.
            let end = self.rest.bytes().position(|byte| matches!(byte, b'"' | b'\\') || byte < b' ')?;
            text.push_str(self.take(end)?);
            match self.take(1)? {
                "\"" => return Some(text),
                "\\" => text.push(self.escaped()?),
                _ => return None,
            }
        }
    }

    /// The character after a backslash.
    fn escaped(&mut self) -> Option<char> {
        Some(match self.take(1)? {
            "b" => '\u{8}',
            "f" => '\u{c}',
            "n" => '\n',
            "r" => '\r',
            "t" => '\t',
            "u" => {
                let first = self.unit()?;
                if (0xd800..0xdc00).contains(&first) {
                    // Beyond 16 bits: two units make one character.
                    self.rest = self.rest.strip_prefix("\\u")?;
                    let second = self.unit()?;
                    char::decode_utf16([first, second]).next()?.ok()?
                } else {
                    char::from_u32(u32::from(first))?
                }
            }
            other => other.chars().next().filter(|char| matches!(char, '"' | '\\' | '/'))?,
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u16> {
        let digits = self.take(4)?;
        if digits.starts_with('+') { None } else { u16::from_str_radix(digits, 16).ok() }
    }

    /// `true`, `false`, `null`, or an integer.
    fn word(&mut self) -> Option<Json> {
        let end = self.rest.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'-');
        Some(match self.take(end.unwrap_or(self.rest.len()))? {
            "null" => Json::Null,
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            number => {
                let digits = number.strip_prefix('-').unwrap_or(number);
                // Rust reads more than JSON has.
                if !digits.starts_with(|first: char| first.is_ascii_digit()) || digits.starts_with('0') && digits != "0"
                {
                    return None;
                }
                Json::Integer(number.parse().ok()?)
            }
        })
    }

    fn take(&mut self, bytes: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }

    fn expect(&mut self, wanted: char) -> Option<()> {
        self.skip_space();
        self.rest = self.rest.strip_prefix(wanted)?;
        Some(())
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The same value as `serde_json` reads it.
    fn reference(value: &Json) -> Value {
        match value {
            Json::Null => Value::Null,
            Json::Bool(flag) => (*flag).into(),
            Json::Integer(number) => (*number).into(),
            Json::Text(text) => text.as_str().into(),
            Json::List(items) => items.iter().map(reference).collect(),
            Json::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), reference(value))).collect(),
        }
    }

    #[test]
    fn every_kind_of_value() {
        for text in [
            " null ",
            "true",
            "-7",
            "0",
            "9223372036854775807",
            "-9223372036854775808",
            r#""a\"\\\/\b\f\n\r\tä\u00e4\ud83d\ude00""#,
            "[]",
            "{}",
            r#"{"a": [1, "x", {"b": null}],"":false}"#,
            "[[[[[[[[1]]]]]]]]",
        ] {
            let value = Json::parse(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(reference(&value), serde_json::from_str::<Value>(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn what_is_not_read() {
        for text in [
            "",
            "{",
            "[1",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{}{}",
            "01",
            "+1",
            "-",
            "--1",
            "1.5",
            "1e3",
            "9223372036854775808",
            "yes",
            "\"",
            "\"a\nb\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "\"\\ud83d\"",
            "\"\\ud83dx\"",
            "\"\\udc00\"",
            "[[[[[[[[[1]]]]]]]]]",
        ] {
            assert_eq!(Json::parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Json::parse(b"\"\xff\""), None);
    }

    #[test]
    fn a_missing_key_is_null() {
        let value = Json::parse(br#"{"a":{"b":2}}"#).unwrap();
        assert_eq!(value.get("a").get("b").as_u64(), Some(2));
        assert_eq!(value.get("b").get("a"), &Json::Null);
    }
}
