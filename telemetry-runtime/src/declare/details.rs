//! What the events of a CLI may hold beyond a command and how it ended: options, facts, phases,
//! circumstances and the marks of weeks.

use std::fmt::{self, Write};

use super::commands::CommandNode;
use super::context::{self, Context};
use super::declared::Declared;
use super::facts::{FactNode, PhaseNode};
use super::fingerprint::Fingerprint;
use super::labels::Labels;
use super::options::RecordedOptions;
use super::recordable::{self, Recordable};
use super::sorted::Sorted;

/// The details that a CLI declares.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Details {
    /// The options of the root itself.
    pub(crate) options: RecordedOptions,
    pub(crate) facts: &'static [FactNode],
    pub(crate) phases: &'static [PhaseNode],
    /// Whether the root or any command records options.
    pub(crate) has_options: bool,
    commands: &'static [CommandNode],
    context: Context,
    /// Key `actives`.
    actives: bool,
    /// The maximum length of facts and phases in the event's line.
    pub(crate) measures_max_bytes: usize,
    /// Differs for different details, except by chance. Small enough for every JSON reader.
    pub(crate) fingerprint: u64,
    /// `None` if there are no details: such a program does not contain the code.
    code: Option<Code>,
}

type EachText<'a> = dyn FnMut(&str) + 'a;

#[derive(Debug, Clone, Copy)]
struct Code {
    collect: fn(&Details) -> Vec<Recordable>,
    agreed: fn(&Details, &mut EachText<'_>),
    summarize: fn(&Details, bool, &mut dyn Write) -> fmt::Result,
}

impl Details {
    pub(super) const NONE: Self = Details {
        options: RecordedOptions::NONE,
        facts: &[],
        phases: &[],
        has_options: false,
        commands: &[],
        context: Context::NONE,
        actives: false,
        measures_max_bytes: 0,
        fingerprint: 0,
        code: None,
    };

    pub(super) const fn new(
        options: RecordedOptions,
        commands: &'static [CommandNode],
        facts: &'static [FactNode],
        phases: &'static [PhaseNode],
        context: Context,
        actives: bool,
    ) -> Self {
        let has_options = records_options(options, commands);
        if !has_options && facts.is_empty() && phases.is_empty() && context.is_empty() && !actives {
            return Self::NONE;
        }
        let code = Some(Code { collect, agreed, summarize });
        let measures_max_bytes = measures_max_bytes(facts, phases);
        let declared = Details { options, facts, phases, has_options, commands, context, actives, ..Self::NONE };
        Details { measures_max_bytes, fingerprint: fingerprint(&declared), code, ..declared }
    }

    /// How many facts and phases there are.
    pub(crate) fn measures_count(&self) -> usize {
        self.facts.len() + self.phases.iter().map(|node| node.names.count()).sum::<usize>()
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.code.is_none()
    }

    /// Everything that can be recorded, in the order of groups and names.
    pub(crate) fn recordable(&self) -> Vec<Recordable> {
        self.code.map_or_else(Vec::new, |code| (code.collect)(self))
    }

    /// Writes a few words for the user who is asked, after a semicolon.
    pub(crate) fn summarize(&self, with_names: bool, out: &mut dyn Write) -> fmt::Result {
        self.code.map_or(Ok(()), |code| (code.summarize)(self, with_names, out))
    }

    /// Calls `each` with what users agree to, as the file with their decision has it: a change to this asks them again.
    pub(crate) fn for_each_agreed(&self, each: &mut EachText<'_>) {
        if let Some(code) = self.code {
            (code.agreed)(self, each);
        }
    }
}

/// The maximum length of facts and phases in the event's line, with the keys of their groups.
const fn measures_max_bytes(facts: &[FactNode], phases: &[PhaseNode]) -> usize {
    /// Around the names of the two groups: quotes, a colon, a comma, and braces.
    const AROUND: usize = 6;
    const KEYS: usize = "facts".len() + "phases".len() + 2 * AROUND;
    const DIGITS: usize = 20;
    if facts.is_empty() && phases.is_empty() {
        return 0;
    }
    let (mut sum, mut position) = (KEYS, 0);
    while position < facts.len() {
        let FactNode { key, labels, .. } = &facts[position];
        // Both with their quotes, and the key with its comma and colon.
        sum += key.json().len() + labels.longest();
        position += 1;
    }
    position = 0;
    while position < phases.len() {
        let names = phases[position].names;
        // A comma and a colon.
        sum += names.count() * (names.longest() + DIGITS + 2);
        position += 1;
    }
    sum
}

/// Whether any command records an option.
const fn records_options(own: RecordedOptions, commands: &[CommandNode]) -> bool {
    if !own.is_empty() {
        return true;
    }
    let mut position = 0;
    while position < commands.len() {
        if records_options(commands[position].options(), commands[position].children()) {
            return true;
        }
        position += 1;
    }
    false
}

/// Writes the kinds of details, each with its number, and the names too if the user has no other way to learn them.
fn summarize(details: &Details, with_names: bool, out: &mut dyn Write) -> fmt::Result {
    let mut names = <[Sorted<&'static str>; 3]>::default();
    let mut circumstances = Sorted::default();
    visit(details, &mut |declared| {
        match declared {
            Declared::Option(option) => names[0].insert(option.key()),
            Declared::Fact(fact) => names[1].insert(fact.key.name()),
            Declared::Phase(name) => names[2].insert(name),
            Declared::Circumstance(name, _) => circumstances.insert(described(name)),
            Declared::Active => circumstances.insert("once a week, that somebody uses it"),
        };
    });
    let kinds =
        [("of ", "option", " a range or a listed word"), ("", "fact", " from lists"), ("the times of ", "phase", "")];
    for ((before, kind, after), names) in kinds.into_iter().zip(names).filter(|(_, names)| !names.is_empty()) {
        let plural = if names.len() == 1 { "" } else { "s" };
        write!(out, "; {before}{} {kind}{plural}", names.len())?;
        let mut separator = " (";
        for name in names.iter().filter(|_| with_names) {
            write!(out, "{separator}{name}")?;
            separator = ", ";
        }
        write!(out, "{}{after}", if with_names { ")" } else { "" })?;
    }
    circumstances.iter().try_for_each(|circumstance| write!(out, "; {circumstance}"))
}

fn described(circumstance: &'static str) -> &'static str {
    match circumstance {
        context::AGENT => "which AI agent ran it",
        context::CI_VENDOR => "which CI system ran it",
        context::CHANNEL => "where the program came from",
        context::INTERACTIVE => "whether it ran on a terminal",
        _ => "the C library it is built for",
    }
}

/// A hash of the names and ranges that users agree to, in the order of the source.
const fn fingerprint(details: &Details) -> u64 {
    let Details { options, commands, facts, phases, context, actives, .. } = *details;
    let Context { agent, interactive, ci_vendor, libc, channel } = context;
    let flags = agent as u8 | (interactive as u8) << 1 | (ci_vendor as u8) << 2 | (libc as u8) << 3;
    let flags = flags | (channel.is_some() as u8) << 4 | (actives as u8) << 5;
    let mut all = with_commands(Fingerprint::EMPTY.and_byte(flags).and(options.fingerprint), commands);
    let mut position = 0;
    while position < facts.len() {
        let FactNode { key, labels, is_number, .. } = &facts[position];
        let ranges = if *is_number { *labels } else { Labels::NONE };
        all = all.and_byte(b'f').and_text(key.json()).and_text(ranges.packed());
        position += 1;
    }
    position = 0;
    while position < phases.len() {
        all = all.and_byte(b'p').and_text(phases[position].names.packed());
        position += 1;
    }
    all.get()
}

const fn with_commands(mut all: Fingerprint, commands: &[CommandNode]) -> Fingerprint {
    let mut position = 0;
    while position < commands.len() {
        let node = &commands[position];
        if !node.skip {
            if !node.options().is_empty() {
                all = all.and(node.options().fingerprint);
            }
            all = with_commands(all, node.children);
        }
        position += 1;
    }
    all
}

fn agreed(details: &Details, each: &mut EachText<'_>) {
    let mut all = Sorted::default();
    visit(details, &mut |declared| {
        all.insert(declared.agreed());
    });
    all.iter().for_each(|agreed| each(agreed));
}

fn collect(details: &Details) -> Vec<Recordable> {
    let mut all = Vec::new();
    visit(details, &mut |declared| recordable::add(declared, &mut all));
    all
}

/// Calls `each` with every detail. An option is visited once for each command that has it.
fn visit(details: &Details, each: &mut dyn FnMut(Declared)) {
    visit_options(details.options, each);
    visit_commands(details.commands, each);
    details.facts.iter().for_each(|fact| each(Declared::Fact(fact)));
    for phase in details.phases.iter().flat_map(|node| node.names.iter()) {
        each(Declared::Phase(phase));
    }
    details.context.for_each(&mut |name, values| each(Declared::Circumstance(name, values)));
    if details.actives {
        each(Declared::Active);
    }
}

fn visit_options(options: RecordedOptions, each: &mut dyn FnMut(Declared)) {
    options.for_each(&mut |option| each(Declared::Option(option)));
}

fn visit_commands(commands: &'static [CommandNode], each: &mut dyn FnMut(Declared)) {
    for node in commands.iter().filter(|node| !node.skip) {
        visit_options(node.options(), each);
        visit_commands(node.children, each);
    }
}

#[cfg(test)]
mod tests {
    use super::super::labels::Key;
    use super::super::options::RecordedOption;
    use super::*;

    #[test]
    fn options_are_found_in_flattened_types_and_below_commands() {
        const NONE: RecordedOptions = RecordedOptions::new(&[], &[RecordedOptions::NONE], |_| {});
        const OWN: RecordedOptions =
            RecordedOptions::new(&[RecordedOption::given("a", Key::new(",\"a\":"))], &[], |_| {});
        const FLATTENED: RecordedOptions = RecordedOptions::new(&[], &[NONE, OWN], |_| {});
        assert!(!records_options(NONE, const { &[CommandNode::command("b", &[])] }));
        assert!(records_options(FLATTENED, &[]));
        const COMMANDS: &[CommandNode] =
            &[CommandNode::command("a", const { &[CommandNode::command("b", &[]).with_options(OWN)] })];
        assert!(records_options(NONE, COMMANDS));
    }

    #[test]
    fn a_command_that_is_no_longer_skipped_is_news_to_users() {
        const OPTION: RecordedOptions =
            RecordedOptions::new(&[RecordedOption::given("a", Key::new(",\"a\":"))], &[], |_| {});
        const COMMAND: CommandNode = CommandNode::command("b", &[]).with_options(OPTION);
        let fingerprint = |commands| Details::new(OPTION, commands, &[], &[], Context::NONE, false).fingerprint;
        assert_ne!(fingerprint(const { &[COMMAND] }), fingerprint(const { &[COMMAND.skipped()] }));
    }
}
