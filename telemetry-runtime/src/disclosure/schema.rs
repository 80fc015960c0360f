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
        let mut text = Writer::text_of(&mut |out| out.object(&mut |out| self.write_schema(out)));
        text.push('\n');
        text
    }

    fn write_schema(&self, out: &mut Writer) {
        out.key("$schema").text("https://json-schema.org/draft/2020-12/schema");
        out.key("title").text(&format!("A telemetry event of {}", self.app().name));
        out.key("description").text(
            "The event that one run leaves in the queue. An event that is sent may also tell how many others were dropped \
             before it.",
        );
        out.key("type").text("object");
        out.key("properties").object(&mut |out| {
            for field in FIELDS {
                out.key(field.name).object(&mut |out| {
                    out.key("description").text(field.meaning);
                    self.write_values(field.values, out);
                });
            }
            for (group, meaning) in self.details.fields() {
                out.key(group.as_str()).object(&mut |out| {
                    out.key("description").text(meaning);
                    closed(out, &mut |out| self.details.write_properties(group, out));
                    out.key("minProperties").integer(1);
                });
            }
        });
        out.key("required").texts(&mut event::names());
        out.key("additionalProperties").bool(false);
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
            Values::Version => out.key("enum").texts(&mut self.versions().into_iter()),
            Values::Os => out.key("const").text(consts::OS),
            Values::Arch => out.key("const").text(consts::ARCH),
            Values::Flag => flag(out),
            Values::Command => out.key("enum").list(&mut |out| {
                self.commands.iter().for_each(|path| out.item().texts(&mut path.iter().copied()));
            }),
            Values::Ending => out.key("enum").texts(&mut self.endings()),
            Values::Status => out.key("enum").texts(&mut TaskStatus::ALL.iter().map(|status| status.as_str())),
            Values::ErrorClass => out.key("enum").list(&mut |out| {
                self.classes.iter().for_each(|class| out.item().text(class));
                out.item().null();
            }),
        }
    }
}

impl Details {
    fn write_properties(&self, group: Group, out: &mut Writer) {
        match group {
            Group::Options => {
                for forms in self.options.chunk_by(|one, other| one.name == other.name) {
                    out.key(forms[0].name).object(&mut |out| match forms {
                        [only] => only.write_values(out),
                        several => out.key("anyOf").list(&mut |out| {
                            several.iter().for_each(|form| out.item().object(&mut |out| form.write_values(out)));
                        }),
                    });
                }
            }
            Group::Facts => {
                for (name, labels) in self.facts.iter() {
                    out.key(name).object(&mut |out| one_of(out, labels));
                }
            }
            Group::Phases => {
                for name in self.phases.iter() {
                    out.key(name).object(&mut |out| integer(out, 1));
                }
            }
            Group::Context => {
                for (name, values) in self.context.iter() {
                    out.key(name).object(&mut |out| match values {
                        Some(values) => one_of(out, values),
                        None => flag(out),
                    });
                }
            }
            Group::Active => {
                out.key("week").object(&mut |out| pattern(out, "^[0-9]{4}-W[0-9]{2}$"));
                out.key("since").object(&mut |out| one_of(out, &ACTIVE_SINCE));
            }
        }
    }
}

impl Recorded {
    fn write_values(&self, out: &mut Writer) {
        match self.form {
            Allowed::Given => out.key("const").bool(true),
            Allowed::Flag => flag(out),
            Allowed::One => one_of(out, &self.labels),
            Allowed::Many => {
                out.key("type").text("array");
                out.key("items").object(&mut |out| one_of(out, &self.labels));
                out.key("minItems").integer(1);
                out.key("uniqueItems").bool(true);
            }
        }
    }
}

/// An object with these properties and no others.
fn closed(out: &mut Writer, properties: &mut dyn FnMut(&mut Writer)) {
    out.key("type").text("object");
    out.key("properties").object(properties);
    out.key("additionalProperties").bool(false);
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
