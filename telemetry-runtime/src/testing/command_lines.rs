//! Generates command lines from clap's definition of a program, with a canary wherever a user can put text. Runs
//! nothing.

use std::any::TypeId;
use std::collections::BTreeSet;

use clap::{Arg, ArgAction, Command};

use super::exceptions::Exceptions;
use crate::manage::TelemetryFlag;

/// Contained in all text that stands for user input, and in nothing else.
pub(super) const CANARY: &str = "zqcanaryqz";

/// One run of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommandLine {
    /// The names of the command and its parents.
    pub(super) path: Vec<String>,
    pub(super) args: Vec<String>,
    /// It has a flag for managing telemetry, and no other argument.
    pub(super) manages: bool,
    /// The environment variables to set, each to a canary.
    pub(super) variables: Vec<String>,
}

/// The command lines for `command` and all its subcommands, except for what is left out. Deterministic.
pub(super) fn of(mut command: Command, exceptions: &Exceptions) -> Vec<CommandLine> {
    command.build();
    let mut variables = BTreeSet::new();
    collect_variables(&mut command, &mut variables);
    let variables = variables.into_iter().collect();
    let mut generator = Generator { exceptions, canaries: 0, variables, lines: Vec::new() };
    generator.add_all(&command, &mut Vec::new());
    generator.lines
}

/// Collects the variables named in the help. clap's API for an argument's variable needs its feature `env`, but the
/// help is always there.
fn collect_variables(command: &mut Command, variables: &mut BTreeSet<String>) {
    let help = command.render_long_help().to_string();
    let named = help.split("[env:").skip(1).filter_map(|rest| rest.split([']', '=']).next());
    variables.extend(named.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
    for below in command.get_subcommands_mut() {
        collect_variables(below, variables);
    }
}

struct Generator<'a> {
    exceptions: &'a Exceptions,
    canaries: usize,
    variables: Vec<String>,
    lines: Vec<CommandLine>,
}

impl Generator<'_> {
    /// Adds the lines for `command` and all its subcommands.
    fn add_all(&mut self, command: &Command, path: &mut Vec<String>) {
        if self.exceptions.has_command(path) {
            return;
        }
        self.add_command(command, path);
        for below in command.get_subcommands() {
            path.push(below.get_name().to_owned());
            self.add_all(below, path);
            path.pop();
        }
    }

    /// Adds the lines for `command` itself.
    fn add_command(&mut self, command: &Command, path: &[String]) {
        let all = self.arguments(command, path);
        let (required, optional): (Vec<&Arg>, Vec<&Arg>) = all.iter().partition(|arg| arg.is_required_set());
        self.line(path, &required, &[]);
        for arg in &optional {
            // An exclusive argument does without the required ones.
            let mut args = if arg.is_exclusive_set() { Vec::new() } else { required.clone() };
            args.extend(before(&optional, arg));
            args.push(arg);
            self.line(path, &args, &[]);
        }
        let together: Vec<&Arg> = all.into_iter().filter(|arg| !arg.is_exclusive_set()).collect();
        self.line(path, &together, &[]);

        // Arguments that the command does not have.
        let (option, word) = (self.canary(), self.canary());
        self.line(path, &required, &[&format!("--{option}={word}")]);
        let words = [self.canary(), format!("-{}", self.canary()), self.canary()];
        self.line(path, &required, &words.each_ref().map(String::as_str));
        self.line(path, &[], &["--help"]);

        self.line(path, &required, &[]);
        if let Some(line) = self.lines.last_mut() {
            line.variables.clone_from(&self.variables);
        }
    }

    /// The arguments of `command`, except for those that are left out. Positional arguments behind one of those are left
    /// out, too, since they would take its place.
    fn arguments<'c>(&self, command: &'c Command, path: &[String]) -> Vec<&'c Arg> {
        let own = || command.get_arguments().filter(|arg| !is_help_or_version(arg));
        let (out, mut kept): (Vec<&Arg>, Vec<&Arg>) = own().partition(|arg| self.exceptions.has_argument(path, arg));
        let end = out.iter().filter_map(|arg| arg.get_index()).min();
        kept.retain(|arg| arg.get_index().is_none_or(|index| end.is_none_or(|end| index < end)));
        kept
    }

    fn line(&mut self, path: &[String], args: &[&Arg], rest: &[&str]) {
        let mut words = path.to_vec();
        let (mut positional, options): (Vec<&Arg>, Vec<&Arg>) = args.iter().partition(|arg| arg.is_positional());
        positional.sort_by_key(|arg| arg.get_index());
        for arg in options {
            self.option(arg, &mut words);
        }
        words.extend(rest.iter().map(|&word| word.to_owned()));
        for arg in positional {
            if arg.is_last_set() {
                words.push("--".to_owned());
            }
            words.extend(self.values(arg));
        }
        let manages = matches!(args, [arg] if TelemetryFlag::is(arg)) && rest.is_empty();
        self.lines.push(CommandLine { path: path.to_vec(), args: words, manages, variables: Vec::new() });
    }

    fn option(&mut self, arg: &Arg, words: &mut Vec<String>) {
        let name = match (arg.get_long(), arg.get_short()) {
            (Some(long), _) => format!("--{long}"),
            (None, Some(short)) => format!("-{short}"),
            (None, None) => return,
        };
        if !arg.get_action().takes_values() {
            return words.push(name);
        }
        let values = self.values(arg);
        match (&values[..], arg.is_require_equals_set()) {
            ([value], true) => words.push(format!("{name}={value}")),
            _ => {
                words.push(name);
                words.extend(values);
            }
        }
    }

    /// As many values as the argument needs. Where clap would reject a canary, a valid value lets the program run
    /// instead: the first possible value, or 0 for a number.
    fn values(&mut self, arg: &Arg) -> Vec<String> {
        let count = arg.get_num_args().map_or(1, |range| range.min_values().max(1));
        let fixed = arg.get_possible_values().first().map(|value| value.get_name().to_owned());
        let fixed = fixed.or_else(|| is_number(arg).then(|| "0".to_owned()));
        (0..count).map(|_| fixed.clone().unwrap_or_else(|| self.canary())).collect()
    }

    fn canary(&mut self) -> String {
        self.canaries += 1;
        format!("{CANARY}{}", self.canaries)
    }
}

/// The positional arguments that must be given before `arg` can be.
fn before<'a>(args: &[&'a Arg], arg: &Arg) -> Vec<&'a Arg> {
    let position = arg.get_index().unwrap_or(0);
    args.iter().copied().filter(|other| other.get_index().is_some_and(|index| index < position)).collect()
}

/// Whether clap handles the argument itself.
fn is_help_or_version(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version)
}

fn is_number(arg: &Arg) -> bool {
    let parsed = arg.get_value_parser().type_id();
    macro_rules! one_of {
        ($($number:ty)*) => { $(parsed == TypeId::of::<$number>())||* };
    }
    one_of!(u8 i8 u16 i16 u32 i32 u64 i64 u128 i128 usize isize f32 f64)
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Args};

    use super::*;

    fn lines(command: Command) -> Vec<String> {
        lines_except(command, &[])
    }

    fn lines_except(command: Command, exceptions: &[&str]) -> Vec<String> {
        let lines = of(command, &Exceptions::new(exceptions)).into_iter().map(|line| line.args.join(" "));
        lines.map(|line| line.replace(CANARY, "#")).collect()
    }

    #[test]
    fn each_argument_is_in_a_line_with_what_it_needs() {
        let command = Command::new("tool")
            .disable_help_subcommand(true)
            .arg(Arg::new("name").required(true))
            .arg(Arg::new("file"))
            .arg(Arg::new("count").long("count").value_parser(clap::value_parser!(u8)))
            .arg(Arg::new("colour").short('c').value_parser(["red", "green"]))
            .arg(Arg::new("key").long("key").require_equals(true).num_args(1))
            .arg(Arg::new("force").long("force").action(ArgAction::SetTrue))
            .arg(Arg::new("list").long("list").action(ArgAction::SetTrue).exclusive(true));
        assert_eq!(
            lines(command),
            [
                "#1",
                "#2 #3",
                "--count 0 #4",
                "-c red #5",
                "--key=#6 #7",
                "--force #8",
                "--list",
                "--count 0 -c red --key=#9 --force #10 #11",
                "--#12=#13 #14",
                "#15 -#16 #17 #18",
                "--help",
                "#19",
            ]
        );
    }

    #[test]
    fn what_is_left_out_is_in_no_line() {
        let command = Command::new("tool")
            .disable_help_subcommand(true)
            .arg(Arg::new("first"))
            .arg(Arg::new("second"))
            .arg(Arg::new("third"))
            .arg(Arg::new("level").long("level"))
            .subcommand(Command::new("serve"));
        assert_eq!(
            lines_except(command, &["serve", "[second]", "--level"]),
            ["", "#1", "#2", "--#3=#4", "#5 -#6 #7", "--help", ""]
        );
    }

    #[test]
    fn only_the_flag_alone_manages() {
        let command = TelemetryFlag::augment_args(Command::new("tool").arg(Arg::new("file").required(true)));
        let lines =
            of(command, &Exceptions::new([""; 0])).into_iter().filter(|line| line.manages).map(|line| line.args);
        assert_eq!(lines.collect::<Vec<_>>(), [["--telemetry", "status"]]);
    }

    #[test]
    fn every_command_has_lines() {
        let command = Command::new("tool")
            .subcommand(Command::new("remote").subcommand(Command::new("add").arg(Arg::new("rest").last(true))));
        let lines = lines(command);
        for line in ["--help", "remote --help", "remote add --help", "remote add -- #"] {
            assert!(lines.iter().any(|made| made.starts_with(line)), "{line} in {lines:?}");
        }
    }
}
