//! The disclosure for people.

use std::fmt::{self, Display, Formatter};

use super::{ClassGroup, Disclosure, OPEN_TELEMETRY, heeds_open_telemetry, management};
use crate::declare::limits::{EVENT_MAX_AGE, QUEUE_FILES_MAX_BYTES, SECONDS_PER_DAY};
use crate::declare::{ConsentMode, EXTERNAL, Protocol, SentTime, Sorted};
use crate::event::{FIELDS, TaskStatus, Values};

impl Disclosure {
    /// How many different events there are, not counting the random number, the time and the duration.
    fn count(&self) -> (String, u128) {
        let factors = FIELDS.iter().filter_map(|field| {
            let (values, called) = match field.values {
                Values::Command => (self.commands.len() as u128, "commands, including none"),
                Values::Ending => (self.endings().count() as u128, "endings"),
                Values::Status => (TaskStatus::ALL.len() as u128, "statuses"),
                Values::Integer { min, max } if field.name == "exit_code" => {
                    (max.abs_diff(min) as u128 + 1, "exit codes")
                }
                Values::ErrorClass => (self.classes.len() as u128 + 1, "error classes, including none"),
                Values::Flag => (2, "CI or not"),
                _ => return None,
            };
            Some((values, called))
        });
        let (values, called): (Vec<u128>, Vec<String>) =
            factors.map(|(values, called)| (values, format!("{values} ({called})"))).unzip();
        let product: u128 = values.iter().product();
        let details = self.details.count();
        let called = called.join(" × ");
        if details == 1 {
            return (called, product);
        }
        (format!("{called} × {details} (options, facts and circumstances)"), product.saturating_mul(details))
    }
}

impl Display for Disclosure {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        writeln!(out, "# Telemetry of {}\n", self.app().name)?;
        self.introduction(out)?;
        self.event(out)?;
        self.names(out)?;
        self.never(out)?;
        self.way(out)?;
        self.control(out)?;
        self.questions(out)
    }
}

impl Disclosure {
    fn introduction(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let name = self.app().name;
        let consent = match self.app().consent {
            ConsentMode::Ask => {
                "Nothing is recorded or written before you agree. You are asked once, on a terminal; Enter means no. If you do \
                 not answer within ten seconds, nothing is recorded. A file then notes that and when you were asked, and you \
                 are asked again after a week at the earliest, three times in all."
            }
            ConsentMode::OptIn => "Nothing is recorded or written before you turn it on. You are never asked.",
            ConsentMode::OptOut => "A notice is shown once, on a terminal. Later runs are recorded until you say no.",
        };
        writeln!(out, "{name} can record its runs, one event per run. {consent}")?;
        if let Some(purpose) = self.app().purpose {
            writeln!(out, "\nPurpose: {purpose}")?;
        }
        if self.app().abandoned {
            writeln!(
                out,
                "\nA run that is cut off (by a crash or power loss) is recorded by a later run. For this, a file on this machine \
                 identifies the process while it runs. That file is never sent."
            )?;
        }
        Ok(())
    }

    fn event(&self, out: &mut Formatter<'_>) -> fmt::Result {
        writeln!(out, "\n## What is collected\n\nThese fields, and no others:\n\n| field | meaning |\n| --- | --- |")?;
        for field in FIELDS {
            writeln!(out, "| `{}` | {} |", field.name, field.meaning)?;
        }
        for (group, meaning) in self.details.fields() {
            writeln!(out, "| `{}` | {meaning} |", group.as_str())?;
        }
        let (formula, count) = self.count();
        writeln!(
            out,
            "\nNot counting the random number, the time and the duration, there are at most {count} different events for one \
             version of {name} on one kind of machine: {formula}.",
            name = self.app().name
        )
    }

    fn names(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "\n### Commands\n\n")?;
        let commands: Vec<String> = self.command_lines().collect();
        list(out, &mut commands.iter().map(String::as_str))?;
        if self.commands.iter().any(|path| *path == [EXTERNAL]) {
            writeln!(out, "\n`{EXTERNAL}` stands for any command that is not one of the program's own.")?;
        }
        write!(out, "\n### Endings\n\n")?;
        list(out, &mut self.endings())?;
        write!(out, "\n### Statuses\n\n")?;
        list(out, &mut TaskStatus::ALL.into_iter().map(TaskStatus::as_str))?;
        writeln!(out, "\n### Error classes\n")?;
        self.error_classes(out)?;
        self.details.markdown(out)
    }

    /// The classes by where they come from, each once, the program's own last.
    fn error_classes(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let mut seen: Vec<&str> = Vec::new();
        for group in ClassGroup::ALL {
            let mut classes = Sorted::default();
            group.for_each(self.app(), &mut |class| classes.insert(class));
            let mut new = classes.iter().copied().filter(|class| !seen.contains(class)).peekable();
            if new.peek().is_some() {
                write!(out, "- {}: ", group.title())?;
                list(out, &mut new)?;
            }
            seen.extend(classes.iter());
        }
        Ok(())
    }

    fn never(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let other = if self.app().details.has_options { "other " } else { "" };
        writeln!(
            out,
            "\n## What is never collected\n\n\
             Arguments, {other}option values, file names and paths, environment variables, the program's input and output, error \
             messages, names of users and machines, addresses, and any identifier of a user, a machine or an \
             installation. An event has no field for them."
        )
    }

    fn way(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let app = self.app();
        writeln!(out, "\n## Where it goes\n")?;
        match (app.endpoint_host.zip(app.endpoint), heeds_open_telemetry(app)) {
            (None, false) => {
                let limit = Mebibytes(QUEUE_FILES_MAX_BYTES);
                return writeln!(out, "Nowhere. The newest events are kept on this machine, in at most {limit}.");
            }
            (Some((host, endpoint)), false) => write!(out, "To `{host}`, by HTTP to `{endpoint}`")?,
            (None, true) => write!(out, "By HTTP to the endpoint in the variable `{OPEN_TELEMETRY}`, if it is set")?,
            (Some((host, endpoint)), true) => write!(
                out,
                "By HTTP to the endpoint in the variable `{OPEN_TELEMETRY}`; if it is not set, to `{host}`, at `{endpoint}`"
            )?,
        }
        let protocol = match app.protocol() {
            Protocol::Nemo => "in a JSON envelope whose other entries are constants and the time of sending",
            Protocol::Otlp => "as OpenTelemetry spans",
        };
        let time = match app.time {
            SentTime::Hour => "The start of a run is sent rounded down to the hour, in UTC.",
            SentTime::Exact => {
                "The start of a run is sent to the millisecond, so the server can see when the program was used."
            }
        };
        writeln!(
            out,
            ", {protocol}. A separate process sends the queued events, about once {} of use, or sooner if there are many. {time} \
             The events of one delivery are sent in random order, together with the number of events that were lost before. As \
             with any connection, the server sees when it is made, the IP address it comes from, and which events come \
             together; the address is not part of an event. \
             Events that cannot be sent are kept on this machine, in at most {}, and are no longer sent once they are {} \
             days old.",
            Every(app.interval_secs),
            Mebibytes(QUEUE_FILES_MAX_BYTES),
            EVENT_MAX_AGE.as_secs() / SECONDS_PER_DAY,
        )
    }

    fn control(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let app = self.app();
        let (name, variables) = (app.name, app.variables);
        writeln!(out, "\n## How to control it\n")?;
        if let Some(way) = management(self.root) {
            writeln!(
                out,
                "- `{way} disable` turns it off permanently, and deletes events that have not been sent. `{way} \
                 enable` turns it on."
            )?;
            writeln!(
                out,
                "- `{way} status` shows whether it is on, and why. `{way} show` shows the events waiting to be sent."
            )?;
        }
        writeln!(out, "- `DO_NOT_TRACK=1` turns it off, whatever else is set.")?;
        writeln!(out, "- `{}=0` turns it off, `=1` turns it on.", variables.enabled)?;
        writeln!(out, "- In a continuous integration system, it is off unless that variable turns it on.")?;
        writeln!(
            out,
            "- An administrator turns it off for a machine: `{{\"enabled\": false}}` in `/etc/{name}/telemetry.json` \
             (Windows: `%ProgramData%\\{name}\\telemetry.json`)."
        )?;
        writeln!(
            out,
            "- `{}=stdout` prints the event to stderr, if the run would be recorded, and stores nothing.",
            variables.endpoint
        )
    }

    fn questions(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let (contact, privacy) = (self.app().contact, self.app().privacy_url);
        if contact.is_some() || privacy.is_some() {
            writeln!(out, "\n## Questions\n")?;
        }
        if let Some(contact) = contact {
            writeln!(out, "- Contact: {contact}")?;
        }
        if let Some(url) = privacy {
            writeln!(out, "- Privacy statement: <{url}>")?;
        }
        Ok(())
    }
}

/// Names, separated by commas.
pub(super) fn list(out: &mut Formatter<'_>, names: &mut dyn Iterator<Item = &str>) -> fmt::Result {
    let mut separator = "";
    for name in names {
        write!(out, "{separator}`{name}`")?;
        separator = ", ";
    }
    out.write_str(if separator.is_empty() { "None.\n" } else { "\n" })
}

/// A number of bytes, to the tenth of a mebibyte.
struct Mebibytes(u64);

impl Display for Mebibytes {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let tenths = self.0 * 10 / (1024 * 1024);
        match tenths % 10 {
            0 => write!(out, "{} MiB", tenths / 10),
            tenth => write!(out, "{}.{tenth} MiB", tenths / 10),
        }
    }
}

/// A number of seconds, as text after "once".
struct Every(u64);

impl Display for Every {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        const UNITS: [(u64, &str, &str); 3] = [(86_400, "a", "day"), (3_600, "an", "hour"), (60, "a", "minute")];
        match UNITS.iter().find(|(seconds, ..)| self.0 > 0 && self.0 % *seconds == 0) {
            Some((seconds, article, unit)) if self.0 == *seconds => write!(out, "{article} {unit}"),
            Some((seconds, _, unit)) => write!(out, "in {} {unit}s", self.0 / seconds),
            None => write!(out, "in {} seconds", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(Mebibytes(5 * 512 * 1024).to_string(), "2.5 MiB");
        assert_eq!(Mebibytes(2 * 1024 * 1024).to_string(), "2 MiB");
    }

    #[test]
    fn intervals() {
        for (seconds, text) in
            [(3_600, "an hour"), (86_400, "a day"), (7_200, "in 2 hours"), (60, "a minute"), (90, "in 90 seconds")]
        {
            assert_eq!(Every(seconds).to_string(), text);
        }
    }
}
