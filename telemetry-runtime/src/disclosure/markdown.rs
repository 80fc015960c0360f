//! The disclosure for people.

use std::fmt::{self, Display, Formatter};

use super::{ClassGroup, Disclosure, OPEN_TELEMETRY, heeds_open_telemetry, management, statuses};
use crate::declare::limits::{EVENT_MAX_AGE, QUEUE_FILES_MAX_BYTES, SECONDS_PER_DAY, SENT_MAX_AGE, SENT_MAX_BYTES};
use crate::declare::{App, ConsentMode, EXTERNAL, Group, Lines, Pieces, Protocol, SentTime};
use crate::event::{EXIT_CODES_COUNT, Field, TaskStatus, every_field};
use crate::text::Text;

impl Disclosure {
    /// The disclosure in Markdown.
    pub(crate) fn markdown(&self) -> String {
        let mut out = Text::default();
        writeln!(out, "# Telemetry of {}\n", self.app().name);
        self.introduction(&mut out);
        self.event(&mut out);
        self.names(&mut out);
        self.never(&mut out);
        self.way(&mut out);
        self.control(&mut out);
        self.questions(&mut out);
        out.finish()
    }

    fn introduction(&self, out: &mut Text) {
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
        writeln!(out, "{name} can record its runs, one event per run. {consent}");
        if let Some(purpose) = self.app().purpose {
            writeln!(out, "\nPurpose: {purpose}");
        }
        if self.app().abandoned {
            out.put(
                "\nA run that is cut off (by a crash or power loss) is recorded by a later run. For this, a file on this machine \
                 identifies the process while it runs. That file is never sent.\n",
            );
        }
    }

    fn event(&self, out: &mut Text) {
        out.put("\n## What is collected\n\nThese fields, and no others:\n\n| field | meaning |\n| --- | --- |\n");
        for Field { name, meaning, .. } in every_field() {
            row(out, name, meaning);
        }
        for group in Group::ALL {
            self.row_of(group, out);
        }
        self.count(out);
    }

    /// The row of a group's field, unless no event has it.
    #[inline(never)]
    fn row_of(&self, group: Group, out: &mut Text) {
        if let Some(meaning) = self.meaning(group) {
            row(out, group.as_str(), meaning);
        }
    }

    /// Says how many different events there are, and how that number is calculated.
    fn count(&self, out: &mut Text) {
        const STATUSES: usize = TaskStatus::ALL.len();
        let commands = self.commands.iter().count();
        let endings = self.endings_count();
        let classes = self.classes.iter().count() + 1;
        let details = self.count_details();
        let mut count = details;
        for factor in [2 * EXIT_CODES_COUNT, (commands * endings) as u64, (STATUSES * classes) as u64] {
            count = count.saturating_mul(factor);
        }
        write!(
            out,
            "\nNot counting the random number, the time and the duration, there are {} {count} different events for one version \
             of {name} on one kind of machine: 2 (CI or not) × {commands} (commands, including none) × {endings} (endings) × \
             {STATUSES} (statuses) × {EXIT_CODES_COUNT} (exit codes) × {classes} (error classes, including none)",
            if count == u64::MAX { "more than" } else { "at most" },
            name = self.app().name,
        );
        if details > 1 {
            let more_than = if details == u64::MAX { "more than " } else { "" };
            write!(out, " × {more_than}{details} (options, facts and circumstances)");
        }
        out.put(".\n");
    }

    fn names(&self, out: &mut Text) {
        out.put("\n### Commands\n\n");
        let mut commands = self.commands.iter();
        commands.next(); // The empty path.
        list(out, commands.clone());
        if commands.any(|path| path == EXTERNAL) {
            out.put("\n`");
            out.put(EXTERNAL);
            out.put("` stands for any command that is not one of the program's own.\n");
        }
        out.put("\n### Endings\n\n");
        list(out, self.endings().iter());
        out.put("\n### Statuses\n\n");
        list(out, statuses().iter());
        out.put("\n### Error classes\n\n");
        self.error_classes(out);
        self.list_details(out);
    }

    /// The classes by where they come from, each once, the program's own last.
    fn error_classes(&self, out: &mut Text) {
        let mut seen = Lines::default();
        for group in ClassGroup::ALL {
            self.new_classes(group, &mut seen, out);
        }
    }

    #[inline(never)]
    fn new_classes(&self, group: ClassGroup, seen: &mut Lines, out: &mut Text) {
        let (mut all, mut new) = (Lines::default(), Lines::default());
        group.add(self.app(), &mut all);
        for class in all.iter() {
            if seen.insert(class) {
                new.push(class);
            }
        }
        if !new.is_empty() {
            write!(out, "- {}: ", group.title());
            list(out, new.iter());
        }
    }

    fn never(&self, out: &mut Text) {
        let other = if self.app().details.has_options { "other " } else { "" };
        writeln!(
            out,
            "\n## What is never collected\n\n\
             Arguments, {other}option values, file names and paths, environment variables, the program's input and output, error \
             messages, names of users and machines, addresses, and any identifier of a user, a machine or an \
             installation. An event has no field for them."
        );
    }

    fn way(&self, out: &mut Text) {
        let app = self.app();
        out.put("\n## Where it goes\n\n");
        let limit = Mebibytes(QUEUE_FILES_MAX_BYTES);
        let has_variable = heeds_open_telemetry(app);
        if has_variable {
            out.put("By HTTP to the endpoint in the variable `");
            out.put(OPEN_TELEMETRY);
            out.put("`");
        }
        match app.endpoint_host.zip(app.endpoint) {
            Some((host, endpoint)) if has_variable => {
                write!(out, "; if it is not set, to `{host}`, at `{endpoint}`");
            }
            Some((host, endpoint)) => write!(out, "To `{host}`, by HTTP to `{endpoint}`"),
            None if has_variable => out.put(", if it is set"),
            None => return writeln!(out, "Nowhere. The newest events are kept on this machine, in at most {limit}."),
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
             Events that cannot be sent are kept on this machine, in at most {limit}, and are no longer sent once they are {} \
             days old. What was sent stays on this machine for at most {} days, in at most {} KiB, for you to see.{}",
            Every(app.interval_secs),
            EVENT_MAX_AGE.as_secs() / SECONDS_PER_DAY,
            SENT_MAX_AGE.as_secs() / SECONDS_PER_DAY,
            SENT_MAX_BYTES / 1024,
            if cfg!(feature = "html") {
                " The page of `show --html` stays there until the next one, or until everything is deleted."
            } else {
                ""
            },
        );
    }

    fn control(&self, out: &mut Text) {
        let App { name, variables, .. } = self.app();
        out.put("\n## How to control it\n\n");
        if let Some(way) = management(self.root) {
            writeln!(
                out,
                "- `{way} disable` turns it off permanently, and deletes everything that was recorded. `{way} enable` turns it on.\n\
                 - `{way} status` shows whether it is on, and why. `{way} show` shows the events waiting to be sent.\n\
                 - `{way} export` prints everything that is kept about you, and `{way} purge` deletes what was recorded."
            );
        }
        writeln!(
            out,
            "- `DO_NOT_TRACK=1` turns it off, whatever else is set.\n\
             - `{enabled}=0` turns it off, `=1` turns it on.\n\
             - In a continuous integration system, it is off unless that variable turns it on.\n\
             - An administrator turns it off for a machine: `{{\"enabled\": false}}` in `/etc/{name}/telemetry.json` \
             (Windows: `%ProgramData%\\{name}\\telemetry.json`).\n\
             - `{endpoint}=stdout` prints the event to stderr, if the run would be recorded, and stores nothing.",
            enabled = variables.enabled,
            endpoint = variables.endpoint,
        );
    }

    fn questions(&self, out: &mut Text) {
        let (contact, privacy) = (self.app().contact, self.app().privacy_url);
        if contact.is_some() || privacy.is_some() {
            out.put("\n## Questions\n\n");
        }
        if let Some(contact) = contact {
            writeln!(out, "- Contact: {contact}");
        }
        if let Some(url) = privacy {
            writeln!(out, "- Privacy statement: <{url}>");
        }
    }
}

/// A row in the table of fields.
#[inline(never)]
fn row(out: &mut Text, name: &str, meaning: &str) {
    writeln!(out, "| `{name}` | {meaning} |");
}

/// Writes names, separated by commas. A tab in a name becomes a space.
#[inline(never)]
pub(super) fn list(out: &mut Text, names: Pieces<'_>) {
    let mut separator = "";
    for name in names {
        out.put(separator);
        let mut before = "`";
        for part in Pieces::new(name, b'\t') {
            out.put(before);
            out.put(part);
            before = " ";
        }
        out.put("`");
        separator = ", ";
    }
    out.put(if separator.is_empty() { "None.\n" } else { "\n" });
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
        let (mut count, mut unit, mut once) = (self.0, "second", None);
        for (length, larger, one) in [(60, "minute", "a minute"), (60, "hour", "an hour"), (24, "day", "a day")] {
            if count == 0 || count % length != 0 {
                break;
            }
            (count, unit, once) = (count / length, larger, Some(one));
        }
        match once {
            Some(one) if count == 1 => out.write_str(one),
            _ => write!(out, "in {count} {unit}s"),
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
