//! Reads any JSON whose numbers are integers, without a copy of its texts.

use std::str::Chars;

use super::reader::{Reader, is_number};

/// The deepest nesting that is read. Ours is at most three.
const MAX_DEPTH: usize = 8;

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    /// As it is written, with its escapes.
    Text(&'a str),
    List(Vec<Json<'a>>),
    /// In the order of the text. A key may be there twice, and is as it is written.
    Object(Vec<(&'a str, Json<'a>)>),
}

impl<'a> Json<'a> {
    /// `None` if `text` is not one JSON value, has a number with a fraction, an exponent or more than 64 bits, or is nested
    /// deeper than [`MAX_DEPTH`].
    pub(crate) fn parse(text: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(std::str::from_utf8(text).ok()?);
        let value = value(&mut reader, 0)?;
        reader.next().is_none().then_some(value)
    }

    /// The first value of `key`; null if there is none.
    #[inline(never)]
    pub(crate) fn get(&self, key: &str) -> &Json<'a> {
        for (name, value) in self.as_object().unwrap_or_default() {
            if *name == key {
                return value;
            }
        }
        &Json::Null
    }

    pub(crate) fn as_object(&self) -> Option<&[(&'a str, Json<'a>)]> {
        if let Json::Object(entries) = self { Some(entries) } else { None }
    }

    pub(crate) fn as_list(&self) -> Option<&[Json<'a>]> {
        if let Json::List(items) = self { Some(items) } else { None }
    }

    /// A text without escapes. What an event holds has none.
    #[inline(never)]
    pub(crate) fn as_str(&self) -> Option<&'a str> {
        if let Json::Text(text) = self { Some(*text).filter(|text| !text.contains('\\')) } else { None }
    }

    pub(crate) fn as_i64(&self) -> Option<i64> {
        if let Json::Integer(number) = self { Some(*number) } else { None }
    }

    pub(crate) fn as_u64(&self) -> Option<u64> {
        self.as_i64().and_then(|number| u64::try_from(number).ok())
    }

    /// A text without its control characters.
    #[inline(never)]
    pub(crate) fn as_line(&self) -> Option<String> {
        let Json::Text(text) = self else { return None };
        let mut line = String::new();
        let mut chars = text.chars();
        while let Some(char) = decode(&mut chars) {
            if !char.is_control() {
                line.push(char);
            }
        }
        Some(line)
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Json::Bool(flag) = self { Some(*flag) } else { None }
    }
}

fn value<'a>(reader: &mut Reader<'a>, depth: usize) -> Option<Json<'a>> {
    match reader.next()? {
        b'"' => Some(Json::Text(text(reader)?)),
        b'[' if depth < MAX_DEPTH => list(reader, depth),
        b'{' if depth < MAX_DEPTH => object(reader, depth),
        _ => word(reader),
    }
}

fn list<'a>(reader: &mut Reader<'a>, depth: usize) -> Option<Json<'a>> {
    let mut items = Vec::new();
    reader.expect(b'[')?;
    let mut has_more = !reader.has(b']');
    while has_more {
        items.push(value(reader, depth + 1)?);
        has_more = reader.has_another(b']')?;
    }
    Some(Json::List(items))
}

fn object<'a>(reader: &mut Reader<'a>, depth: usize) -> Option<Json<'a>> {
    let mut entries = Vec::new();
    reader.expect(b'{')?;
    let mut has_more = !reader.has(b'}');
    while has_more {
        let key = text(reader)?;
        reader.expect(b':')?;
        entries.push((key, value(reader, depth + 1)?));
        has_more = reader.has_another(b'}')?;
    }
    Some(Json::Object(entries))
}

/// A string whose escapes have a meaning.
#[inline(never)]
fn text<'a>(reader: &mut Reader<'a>) -> Option<&'a str> {
    let text = reader.string()?;
    let mut chars = text.chars();
    while !chars.as_str().is_empty() {
        decode(&mut chars)?;
    }
    Some(text)
}

/// `true`, `false`, `null`, or an integer.
fn word<'a>(reader: &mut Reader<'a>) -> Option<Json<'a>> {
    Some(match reader.word()? {
        "null" => Json::Null,
        "true" => Json::Bool(true),
        "false" => Json::Bool(false),
        number if is_number(number.strip_prefix('-').unwrap_or(number)) => Json::Integer(number.parse().ok()?),
        _ => return None,
    })
}

/// The next character of a string, which may be written with an escape.
#[inline(never)]
fn decode(chars: &mut Chars<'_>) -> Option<char> {
    let char = chars.next()?;
    if char != '\\' {
        return Some(char);
    }
    Some(match chars.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let first = unit(chars)?;
            if (0xd800..0xdc00).contains(&first) {
                // Beyond 16 bits: two units make one character.
                *chars = chars.as_str().strip_prefix("\\u")?.chars();
                let second = unit(chars)?;
                char::decode_utf16([first, second]).next()?.ok()?
            } else {
                char::from_u32(u32::from(first))?
            }
        }
        other => Some(other).filter(|char| matches!(char, '"' | '\\' | '/'))?,
    })
}

/// Four hexadecimal digits.
#[inline(never)]
fn unit(chars: &mut Chars<'_>) -> Option<u16> {
    let mut unit = 0;
    for _ in 0..4 {
        unit = unit << 4 | chars.next()?.to_digit(16)?;
    }
    u16::try_from(unit).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn decoded(text: &str) -> String {
        let mut chars = text.chars();
        std::iter::from_fn(|| decode(&mut chars)).collect()
    }

    /// The same value as `serde_json` reads it.
    fn reference(value: &Json<'_>) -> Value {
        match value {
            Json::Null => Value::Null,
            Json::Bool(flag) => (*flag).into(),
            Json::Integer(number) => (*number).into(),
            Json::Text(text) => decoded(text).into(),
            Json::List(items) => items.iter().map(reference).collect(),
            Json::Object(entries) => entries.iter().map(|(key, value)| (decoded(key), reference(value))).collect(),
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
    fn texts() {
        let text =
            |json: &str| Json::parse(json.as_bytes()).map(|json| (json.as_str().map(str::to_owned), json.as_line()));
        assert_eq!(text(r#""plain""#), Some((Some("plain".to_owned()), Some("plain".to_owned()))));
        assert_eq!(text(r#""a\n\"b\u001b""#), Some((None, Some("a\"b".to_owned()))));
        assert_eq!(text("1"), Some((None, None)));
    }

    #[test]
    fn a_missing_key_is_null() {
        let value = Json::parse(br#"{"a":{"b":2}}"#).unwrap();
        assert_eq!(value.get("a").get("b").as_u64(), Some(2));
        assert_eq!(value.get("b").get("a"), &Json::Null);
    }
}
