//! Parses a line of the queue. This decides what leaves the machine: whoever wrote the line, it counts as an event only
//! if it has exactly the form of one of this app's events.

use super::details::Visitor;
use super::fields::{Fields, NAMES_COUNT, ReadFields};
use super::{read, read_details};
use crate::declare::Group;
use crate::json::Json;

/// The meaning of one line.
#[derive(Debug)]
pub(crate) enum Row<'a> {
    Event(Record<'a>),
    /// The number of lines that were dropped here because the queue was full.
    Dropped(u32),
    /// An empty line. A run adds a line feed after a torn line, and a line that another run is still writing can look
    /// torn.
    Empty,
    /// Torn, or not written by this app.
    Foreign,
}

/// The event of an earlier run.
#[derive(Debug, Clone)]
pub(crate) struct Record<'a> {
    pub(crate) fields: ReadFields<'a>,
    /// The whole event.
    pub(crate) row: Json<'a>,
}

impl<'a> Row<'a> {
    /// Parses a line of the CLI `app`.
    pub(crate) fn parse(line: &'a [u8], app: &str) -> Self {
        if line.is_empty() {
            return Row::Empty;
        }
        Row::read(line, app).unwrap_or(Row::Foreign)
    }

    fn read(line: &'a [u8], app: &str) -> Option<Self> {
        let row = Json::parse(line)?;
        read::format_version(row.get("v"))?;
        if let Some(count) = row.get("dropped").as_i64() {
            // Our own counts never exceed `u32`.
            return u32::try_from(count).ok().map(Row::Dropped);
        }
        let fields = ReadFields::read(row)?;
        // With every field, and this many entries, there is no other and none twice.
        let has_no_other = read_details::count_others(row)? == NAMES_COUNT;
        // JSON may have some between its tokens, and a terminal may get to see the line.
        let has_controls = row.as_json().contains(char::is_control);
        (has_no_other && !has_controls && fields.app == app).then_some(Row::Event(Record { fields, row }))
    }
}

impl Record<'_> {
    pub(crate) fn has_details(&self) -> bool {
        Group::ALL.iter().any(|group| self.row.find(group.as_str()).is_some())
    }

    /// Calls `visit` with each detail of a group.
    pub(crate) fn visit_details(&self, group: Group, visit: &mut Visitor<'_>) {
        read_details::visit(self.row, group, visit);
    }
}

impl<Path> Fields<'_, Path> {
    /// How long the run took, in whole milliseconds; -1 when unknown.
    pub(crate) fn duration_ms(&self) -> i64 {
        if self.duration_us < 0 { -1 } else { self.duration_us / 1_000 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::NAME_MAX_BYTES;

    const LINE: &str = r#"{"v":2,"session_id":"6a4548933ac442bb8aa05d773379f0a4","start_time_unix_ms":1795447574939,"app":"tool","version":"1.0.0","os":"linux","arch":"x86_64","ci":false,"command":["info","list"],"ending":"return","status":"success","exit_code":0,"error_class":null,"duration_us":5250}"#;

    #[test]
    fn an_event_is_read_back() {
        let Row::Event(record) = Row::parse(LINE.as_bytes(), "tool") else { panic!("no event") };
        assert_eq!(record.row.as_json(), LINE);
        assert!(record.fields.command.clone().eq(["info", "list"]));
        assert_eq!((record.fields.duration_us, record.fields.duration_ms()), (5_250, 5));
    }

    #[test]
    fn the_order_of_the_fields_means_nothing() {
        let sorted = serde_json::from_str::<serde_json::Value>(LINE).unwrap().to_string();
        assert_ne!(sorted, LINE);
        assert!(matches!(Row::parse(sorted.as_bytes(), "tool"), Row::Event(_)), "{sorted}");
    }

    #[test]
    fn whatever_an_author_may_declare_is_read_back() {
        for (known, declared) in [
            ("1.0.0", "1.0.0 (a1b2c3d 2026-11-26)"),
            ("null", "\"io::Größe\""),
            ("list", "größe <'&>/\u{2028}"),
            ("list", &"x".repeat(NAME_MAX_BYTES)),
        ] {
            let line = LINE.replace(known, declared);
            assert!(matches!(Row::parse(line.as_bytes(), "tool"), Row::Event(_)), "{line}");
        }
    }

    #[test]
    fn anything_but_an_event_of_this_app_is_foreign() {
        for line in [
            LINE.replace("tool", "other"),
            LINE.replace("\"v\":2", "\"v\":1"),
            LINE.replace("\"ci\":false", "\"ci\":0"),
            LINE.replace("\"ci\":false", "\"ci\":false,\"user\":\"me\""),
            LINE.replace("\"error_class\":null", "\"user\":\"me\""),
            LINE.replace("\"error_class\":null", "\"v\":2"),
            LINE.replace("success", "suc\\ncess"),
            LINE.replace("success", "/home/me"),
            LINE.replace("return", "/home/me"),
            LINE.replace("\"error_class\":null", "\"error_class\":\"cannot open /home/me\""),
            LINE.replace("info", &"x".repeat(200)),
            LINE.replace("\"info\"", &["\"x\""; 9].join(",")),
            LINE.replace("250}", "250,\"options\":{\"a\":true},\"options\":{\"a\":true}}"),
            LINE.replace("250}", "250,\"options\":{}}"),
            LINE.replace("250}", "250,\"options\":null}"),
            LINE.replace("250}", "250,\"facts\":{\"cache\":true}}"),
            LINE.replace("250}", "250,\"phases\":{\"build\":\"/home/me\"}}"),
            LINE.replace("250}", "250,\"options\":{\"files\":[[\"a\"]]}}"),
            LINE.replace('}', ""),
            LINE.replace('}', "\r}"),
            "{}".to_owned(),
            "[1]".to_owned(),
        ] {
            assert!(matches!(Row::parse(line.as_bytes(), "tool"), Row::Foreign), "{line}");
        }
    }

    #[test]
    fn a_count_of_dropped_lines_is_read_back() {
        assert!(matches!(Row::parse(b"{\"v\":2,\"dropped\":17}", "tool"), Row::Dropped(17)));
        // The sum over a file full of such lines would overflow.
        assert!(matches!(Row::parse(b"{\"v\":2,\"dropped\":18446744073709551615}", "tool"), Row::Foreign));
    }
}
