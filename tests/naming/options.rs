//! The names of recorded options, and of their values.
//!
//! `assert_allowlist` compares each with clap's argument, so most of these tests only declare types.

use clap::builder::PossibleValue;
use clap::{Args, Command, CommandFactory, Parser, Subcommand, ValueEnum};
use telemetry_runtime::__private::{CommandNode, Labels, RecordedOptions};
use telemetry_runtime::testing::assert_allowlist;
use telemetry_runtime::{ClosedSet, CommandTree, telemetry_cli};

const LONG: &str = "from-a-constant";

#[telemetry_cli]
#[derive(Args)]
struct Named {
    #[arg(long)]
    #[telemetry(record)]
    plain_long: bool,
    #[arg(long = "other")]
    #[telemetry(record)]
    assigned: bool,
    #[arg(long("called"))]
    #[telemetry(record)]
    raw: bool,
    #[arg(long = LONG)]
    #[telemetry(record(given))]
    constant: Option<String>,
    #[arg(long = concat!("joined", "-name"))]
    #[telemetry(record)]
    joined: bool,
    #[arg(short = 'x')]
    #[telemetry(record)]
    only_short: bool,
    #[arg(id = "by-id", short = 'i')]
    #[telemetry(record)]
    with_id: bool,
    #[arg(id = "id-first", long)]
    #[telemetry(record)]
    id_before_long: bool,
    #[arg(long, id = "id-last")]
    #[telemetry(record)]
    id_after_long: bool,
    #[arg(long, rename_all = "snake_case")]
    #[telemetry(record)]
    casing_after_long: bool,
    #[arg(rename_all = "snake_case", long)]
    #[telemetry(record)]
    casing_before_long: bool,
    #[arg(long = "first", long = "last")]
    #[telemetry(record)]
    the_last_counts: bool,
    #[arg(long, alias = "alias", visible_short_alias = 'y', value_name = "NAME", help = "Help")]
    #[telemetry(record(given))]
    with_aliases: Option<String>,
    #[clap(long)]
    #[telemetry(record)]
    old_attribute: bool,
    #[arg(long, env = "SOME_VARIABLE", default_value = "1")]
    #[telemetry(record(buckets(1, 2)))]
    r#type: u64,
    #[telemetry(record(given))]
    positional_file: Option<String>,
    #[telemetry(record(count(1, 2)))]
    more_files: Vec<String>,
}

#[telemetry_cli]
#[derive(Args)]
#[command(rename_all = "SCREAMING_SNAKE_CASE")]
struct Cased {
    #[arg(long)]
    #[telemetry(record)]
    two_words: bool,
    #[arg(long, rename_all = "camelCase")]
    #[telemetry(record)]
    own_casing: bool,
}

#[telemetry_cli]
#[derive(Clone, Copy, ValueEnum)]
enum Plain {
    TwoWords,
    HTTPServer,
    #[value(name = "renamed", alias = "other")]
    Named,
    #[value(skip)]
    #[allow(dead_code)]
    Skipped,
    #[value(rename_all = "PascalCase")]
    OwnCasing,
    #[clap(id = "by-id")]
    Id,
}

#[telemetry_cli]
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Snake {
    TwoWords,
    #[value(name = LONG)]
    Constant,
}

#[telemetry_cli]
#[derive(Args)]
struct Values {
    #[arg(long, value_enum)]
    #[telemetry(record)]
    required: Plain,
    #[arg(long)]
    #[telemetry(record)]
    optional: Option<Plain>,
    #[arg(long)]
    #[telemetry(record)]
    list: Vec<Snake>,
    #[arg(long, value_delimiter = ',')]
    #[telemetry(record)]
    optional_list: Option<Vec<Snake>>,
    #[arg(long, num_args = 0..=1)]
    #[telemetry(record)]
    twice_optional: Option<Option<Plain>>,
}

#[telemetry_cli]
#[derive(Args)]
#[group(id = "a-group", multiple = true)]
struct Flattened {
    #[arg(long, group = "other-group")]
    #[telemetry(record)]
    in_a_group: bool,
    #[command(flatten)]
    deeper: Cased,
}

#[telemetry_cli]
#[derive(Parser)]
struct Root {
    #[arg(long, global = true)]
    #[telemetry(record)]
    everywhere: bool,
    #[command(flatten)]
    flattened: Flattened,
    #[command(flatten)]
    maybe: Option<Maybe>,
    #[command(subcommand)]
    command: Option<Commands>,
}

#[telemetry_cli]
#[derive(Args)]
struct Maybe {
    #[arg(long)]
    #[telemetry(record)]
    maybe: bool,
}

#[telemetry_cli]
#[derive(Subcommand)]
#[command(rename_all = "UPPER")]
enum Commands {
    Named(Named),
    Boxed(Box<Cased>),
    Values(Values),
    #[command(rename_all = "snake_case")]
    Fields {
        #[arg(long)]
        #[telemetry(record)]
        variant_casing: bool,
        #[command(flatten)]
        flattened: Cased,
    },
    #[command(flatten)]
    More(More),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum More {
    Leaf {
        #[arg(long)]
        #[telemetry(record)]
        everywhere_else: bool,
    },
}

#[test]
fn names_of_options_and_values_are_claps() {
    assert_allowlist::<Root>();
    let mut recorded = Vec::new();
    collect(Root::OPTIONS, Root::COMMANDS, &mut recorded);
    // Every argument of these types is marked.
    let mut command = Root::command();
    command.build();
    assert_eq!(recorded.len(), arguments(&command, true), "{recorded:?}");
}

fn arguments(command: &Command, is_root: bool) -> usize {
    let own = command.get_arguments().filter(|arg| arg.get_id() != "help" && (is_root || !arg.is_global_set()));
    own.count() + command.get_subcommands().map(|below| arguments(below, false)).sum::<usize>()
}

fn collect(options: RecordedOptions, commands: &'static [CommandNode], names: &mut Vec<&'static str>) {
    options.for_each(&mut |option| names.push(option.key()));
    for node in commands {
        collect(node.options(), node.children(), names);
    }
}

/// clap's own values, and one that is not in the list of the enum.
#[derive(Clone)]
enum ByHand {
    One,
}

impl ValueEnum for ByHand {
    fn value_variants<'a>() -> &'a [Self] {
        &[ByHand::One]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new("one"))
    }
}

impl ClosedSet for ByHand {
    const NAMES: Labels = Labels::new("\u{5}\"two\"");

    fn position(&self) -> Option<usize> {
        Some(0)
    }
}

/// An argument that is renamed where no macro sees it, and values that a hand-written implementation gets wrong.
#[telemetry_cli]
#[derive(Parser)]
#[group(skip)]
#[command(name = "tool", mut_arg("renamed", |arg| arg.long("else")), mut_arg("gone", |arg| arg.id("other")))]
struct Changed {
    #[arg(long)]
    #[telemetry(record)]
    renamed: bool,
    #[arg(long)]
    #[telemetry(record)]
    gone: bool,
    #[arg(long)]
    #[telemetry(record)]
    by_hand: Option<ByHand>,
}

#[test]
fn a_name_that_is_not_claps_is_found() {
    let found = std::panic::catch_unwind(assert_allowlist::<Changed>).unwrap_err();
    let found = found.downcast_ref::<String>().unwrap();
    for line in [
        "`tool`: an option is recorded as `renamed`, but clap calls it `else`",
        "`tool`: the option `gone` is recorded, but clap has no argument with the id `gone`",
        r#"`tool`: the values of `by-hand` are recorded as ["two"], but clap has ["one"]"#,
    ] {
        assert!(found.contains(line), "{line} in {found}");
    }
    Changed::command().debug_assert();
}
