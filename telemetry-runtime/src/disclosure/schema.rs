//! The JSON Schema of the event.

use std::env::consts;

use super::{Disclosure, statuses};
use crate::declare::{Allowed, AllowedForm, Group, Pieces, Recordable};
use crate::event::{FORMAT_VERSION, Field, OTHER_VERSION, Values, every_field};
use crate::json::Writer;

impl Disclosure {
    /// The same disclosure gives the same text.
    pub(crate) fn schema(&self) -> String {
        let mut out = Writer::default();
        self.write_schema(&mut out);
        let mut schema = out.finish();
        schema.push('\n');
        schema
    }

    fn write_schema(&self, out: &mut Writer) {
        out.open_object();
        out.key("$schema").text("https://json-schema.org/draft/2020-12/schema");
        out.key("title").text(&format!("A telemetry event of {}", self.app().name));
        out.key("description").text(
            "The event that one run leaves in the queue. An event that is sent may also tell how many others were dropped \
             before it.",
        );
        has_type(out, "object");
        out.key("properties").open_object();
        for Field { name, meaning, values } in every_field() {
            begin_property(out, name, meaning);
            self.write_values(values, out);
            out.close_object();
        }
        for group in Group::ALL {
            self.write_group(group, out);
        }
        out.close_object();
        out.key("required").open_list();
        for field in every_field() {
            out.item().text(field.name);
        }
        out.close_list();
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
            Values::Version => {
                out.key("enum").open_list();
                out.item().text(self.app().version);
                if self.app().abandoned {
                    out.item().text(OTHER_VERSION);
                }
                out.close_list();
            }
            Values::Os => out.key("const").text(consts::OS),
            Values::Arch => out.key("const").text(consts::ARCH),
            Values::Flag => has_type(out, "boolean"),
            Values::Command => {
                out.key("enum").open_list();
                for path in self.commands.iter() {
                    out.item().open_list();
                    for name in Pieces::new(path, b'\t') {
                        out.item().text(name);
                    }
                    out.close_list();
                }
                out.close_list();
            }
            Values::Ending => one_of(out, self.endings().iter()),
            Values::Status => one_of(out, statuses().iter()),
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

    /// The property for a group of details, unless no event has it.
    #[inline(never)]
    fn write_group(&self, group: Group, out: &mut Writer) {
        let Some(meaning) = self.meaning(group) else { return };
        begin_property(out, group.as_str(), meaning);
        has_type(out, "object");
        out.key("properties").open_object();
        for Recordable { name, values, .. } in self.details_of(group) {
            out.key(name).open_object();
            if let [only] = &**values {
                write_allowed(only, out);
            } else {
                out.key("anyOf").open_list();
                for allowed in values {
                    out.item().open_object();
                    write_allowed(allowed, out);
                    out.close_object();
                }
                out.close_list();
            }
            out.close_object();
        }
        out.close_object();
        out.key("minProperties").integer(1);
        out.key("additionalProperties").bool(false);
        out.close_object();
    }
}

#[inline(never)]
fn begin_property(out: &mut Writer, name: &str, meaning: &str) {
    out.key(name).open_object();
    out.key("description").text(meaning);
}

#[inline(never)]
fn write_allowed(allowed: &Allowed, out: &mut Writer) {
    let Allowed { form, labels } = allowed;
    match form {
        AllowedForm::Given => out.key("const").bool(true),
        AllowedForm::Flag => has_type(out, "boolean"),
        AllowedForm::One => one_of(out, labels.iter()),
        AllowedForm::Many => {
            has_type(out, "array");
            out.key("items").open_object();
            one_of(out, labels.iter());
            out.close_object();
            out.key("minItems").integer(1);
            out.key("uniqueItems").bool(true);
        }
        AllowedForm::Time => integer(out, 1),
        AllowedForm::Week => pattern(out, "^[0-9]{4}-W[0-9]{2}$"),
    }
}

#[inline(never)]
fn one_of(out: &mut Writer, words: Pieces<'_>) {
    out.key("enum").open_list();
    for word in words {
        out.item().text(word);
    }
    out.close_list();
}

#[inline(never)]
fn has_type(out: &mut Writer, name: &str) {
    out.key("type").text(name);
}

#[inline(never)]
fn integer(out: &mut Writer, min: i64) {
    has_type(out, "integer");
    out.key("minimum").integer(min);
}

#[inline(never)]
fn pattern(out: &mut Writer, pattern: &str) {
    has_type(out, "string");
    out.key("pattern").text(pattern);
}
