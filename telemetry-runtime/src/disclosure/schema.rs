//! The JSON Schema of the event.

use std::env::consts;

use super::Disclosure;
use super::details::{Allowed, Details, Recorded};
use crate::declare::ACTIVE_SINCE;
use crate::event::{self, FIELDS, FORMAT_VERSION, Group, TaskStatus, Values};
use crate::json::Writer;

impl Disclosure {
    /// The same disclosure gives the same text.
    pub(crate) fn schema(&self) -> String {
        let mut out = Writer::default();
        self.write_schema(&mut out);
        out.finish() + "\n"
    }

    fn write_schema(&self, out: &mut Writer) {
        out.open_object();
        out.key("$schema").text("https://json-schema.org/draft/2020-12/schema");
        out.key("title").text(&format!("A telemetry event of {}", self.app().name));
        out.key("description").text(
            "The event that one run leaves in the queue. An event that is sent may also tell how many others were dropped \
             before it.",
        );
        out.key("type").text("object");
        out.key("properties").open_object();
        for field in FIELDS {
            out.key(field.name).open_object();
            out.key("description").text(field.meaning);
            self.write_values(field.values, out);
            out.close_object();
        }
        for (group, meaning) in self.details.fields() {
            out.key(group.as_str()).open_object();
            out.key("description").text(meaning);
            out.key("type").text("object");
            out.key("properties").open_object();
            self.details.write_properties(group, out);
            out.close_object();
            out.key("minProperties").integer(1);
            out.key("additionalProperties").bool(false);
            out.close_object();
        }
        out.close_object();
        out.key("required").texts(&mut event::names());
        out.key("additionalProperties").bool(false);
        out.close_object();
    }

    /// The keywords for these values.
    fn write_values(&self, values: Values, out: &mut Writer) {
        match values {
            Values::Format => out.key("const").number(FORMAT_VERSION.into()),
            Values::Uuid => pattern(out, "^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$"),
            Values::Integer { min, max } => {
                integer(out, min);
                out.key("maximum").integer(max);
            }
            Values::App => out.key("const").text(self.app().name),
            Values::Version => one_of(out, &self.versions()),
            Values::Os => out.key("const").text(consts::OS),
            Values::Arch => out.key("const").text(consts::ARCH),
            Values::Flag => flag(out),
            Values::Command => {
                out.key("enum").open_list();
                for path in self.commands.iter() {
                    out.item().texts(&mut path.iter().copied());
                }
                out.close_list();
            }
            Values::Ending => out.key("enum").texts(&mut self.endings()),
            Values::Status => out.key("enum").texts(&mut TaskStatus::ALL.iter().map(|status| status.as_str())),
            Values::ErrorClass => {
                out.key("enum").open_list();
                for class in self.classes.iter() {
                    out.item().text(class);
                }
                out.item().null();
                out.close_list();
            }
        }
    }
}

impl Details {
    fn write_properties(&self, group: Group, out: &mut Writer) {
        match group {
            Group::Options => {
                for forms in self.options.chunk_by(|one, other| one.name == other.name) {
                    write_option(forms, out);
                }
            }
            Group::Facts => {
                for (name, labels) in self.facts.iter() {
                    out.key(name).open_object();
                    one_of(out, labels);
                    out.close_object();
                }
            }
            Group::Phases => {
                for name in self.phases.iter() {
                    out.key(name).open_object();
                    integer(out, 1);
                    out.close_object();
                }
            }
            Group::Context => {
                for (name, values) in self.context.iter() {
                    out.key(name).open_object();
                    match values {
                        Some(values) => one_of(out, values),
                        None => flag(out),
                    }
                    out.close_object();
                }
            }
            Group::Active => {
                out.key("week").open_object();
                pattern(out, "^[0-9]{4}-W[0-9]{2}$");
                out.close_object();
                out.key("since").open_object();
                one_of(out, &ACTIVE_SINCE);
                out.close_object();
            }
        }
    }
}

/// One option, whose values may have several forms.
fn write_option(forms: &[Recorded], out: &mut Writer) {
    let Some(first) = forms.first() else { return };
    out.key(first.name).open_object();
    if forms.len() == 1 {
        first.write_values(out);
    } else {
        out.key("anyOf").open_list();
        for form in forms {
            out.item().open_object();
            form.write_values(out);
            out.close_object();
        }
        out.close_list();
    }
    out.close_object();
}

impl Recorded {
    fn write_values(&self, out: &mut Writer) {
        match self.form {
            Allowed::Given => out.key("const").bool(true),
            Allowed::Flag => flag(out),
            Allowed::One => one_of(out, &self.labels),
            Allowed::Many => {
                out.key("type").text("array");
                out.key("items").open_object();
                one_of(out, &self.labels);
                out.close_object();
                out.key("minItems").integer(1);
                out.key("uniqueItems").bool(true);
            }
        }
    }
}

fn one_of(out: &mut Writer, words: &[&'static str]) {
    out.key("enum").texts(&mut words.iter().copied());
}

fn flag(out: &mut Writer) {
    out.key("type").text("boolean");
}

fn integer(out: &mut Writer, min: i64) {
    out.key("type").text("integer");
    out.key("minimum").integer(min);
}

fn pattern(out: &mut Writer, pattern: &str) {
    out.key("type").text("string");
    out.key("pattern").text(pattern);
}
