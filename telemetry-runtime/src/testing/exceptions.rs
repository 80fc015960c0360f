//! What `assert_no_leak_except` leaves out: commands, and arguments of commands.

use std::cell::Cell;

use clap::Arg;

/// One entry, written as on a command line: `remote add`, `deploy --target`, `--config` or `copy <FILE>`.
struct Exception {
    text: String,
    command: Vec<String>,
    /// `None` leaves out the whole command.
    argument: Option<String>,
    /// Whether it left out anything.
    is_used: Cell<bool>,
}

pub(super) struct Exceptions(Vec<Exception>);

impl Exceptions {
    pub(super) fn new<S: AsRef<str>>(entries: impl IntoIterator<Item = S>) -> Self {
        Exceptions(entries.into_iter().map(|entry| Exception::parse(entry.as_ref())).collect())
    }

    /// Whether the command at `path` is left out.
    pub(super) fn has_command(&self, path: &[String]) -> bool {
        // Every entry is asked, so that none of two that overlap counts as unused.
        let hits = self.0.iter().filter(|entry| entry.argument.is_none() && entry.hits(path));
        hits.count() > 0
    }

    /// Whether `arg` is left out of command lines of the command at `path`.
    pub(super) fn has_argument(&self, path: &[String], arg: &Arg) -> bool {
        let names = |entry: &&Exception| entry.argument.as_ref().is_some_and(|argument| is_called(arg, argument));
        self.0.iter().filter(names).filter(|entry| entry.hits(path)).count() > 0
    }

    /// The entries that left out nothing.
    pub(super) fn unused(&self) -> Vec<&str> {
        self.0.iter().filter(|entry| !entry.is_used.get()).map(|entry| &*entry.text).collect()
    }
}

impl Exception {
    fn parse(text: &str) -> Self {
        let mut command: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let is_argument = command.last().is_some_and(|last| last.starts_with(['-', '<', '[']));
        let argument = if is_argument { command.pop() } else { None };
        Exception { text: text.to_owned(), command, argument, is_used: Cell::new(false) }
    }

    /// Whether it is about the command at `path` or one of its parents.
    fn hits(&self, path: &[String]) -> bool {
        let hits = path.starts_with(&self.command);
        self.is_used.set(self.is_used.get() || hits);
        hits
    }
}

/// Whether `name` is `arg` as the usage shows it: `--long`, `-s`, `<FILE>` or `[FILE]`.
fn is_called(arg: &Arg, name: &str) -> bool {
    if let Some(long) = name.strip_prefix("--") {
        return arg.get_long() == Some(long);
    }
    if let Some(short) = name.strip_prefix('-') {
        return arg.get_short().is_some_and(|char| short.chars().eq([char]));
    }
    let name = name.trim_end_matches('.').trim_matches(['<', '>', '[', ']']);
    let shown = arg.get_value_names().and_then(<[_]>::first).map_or(arg.get_id().as_str(), |shown| shown.as_str());
    arg.is_positional() && shown == name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_written_as_on_a_command_line() {
        let exceptions =
            Exceptions::new(["remote add", "deploy --target", "-c", "copy <FILE>", "copy [dir]...", "deplyo"]);
        let path = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert!(exceptions.has_command(&path("remote add")) && exceptions.has_command(&path("remote add x")));
        for other in ["", "remote", "deploy", "remote adds"] {
            assert!(!exceptions.has_command(&path(other)), "{other}");
        }
        let target = Arg::new("t").long("target").short('t');
        assert!(exceptions.has_argument(&path("deploy"), &target) && !exceptions.has_argument(&path("copy"), &target));
        assert!(exceptions.has_argument(&path("any"), &Arg::new("x").short('c')));
        let (file, dir) = (Arg::new("file").value_name("FILE"), Arg::new("dir"));
        assert!(exceptions.has_argument(&path("copy"), &file) && exceptions.has_argument(&path("copy"), &dir));
        assert!(!exceptions.has_argument(&path("copy"), &Arg::new("FILE").long("file")));
        assert_eq!(exceptions.unused(), ["deplyo"]);
    }
}
