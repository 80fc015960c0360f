//! Every way in which clap names a command, in one tree.

use std::ffi::OsString;

use clap::{Args, Parser, Subcommand};
use telemetry_runtime::{CommandTree, telemetry_cli};

const CONSTANT: &str = "by-constant";

mod elsewhere {
    pub(crate) const NAME: &str = "by-path";
}

struct Associated;

impl Associated {
    const NAME: &'static str = "by-associated-constant";
}

#[telemetry_cli]
#[derive(Debug, Parser)]
#[command(version, about = "every form", infer_subcommands = true, disable_help_subcommand = true)]
enum Forms {
    Unit,
    HTTPServer,
    IOError2Go,
    Http2Server,
    S3Sync,
    V1_2,
    #[allow(non_camel_case_types)]
    SCREAMING_IDENT,
    #[allow(non_camel_case_types)]
    r#type,
    A_,
    #[allow(non_camel_case_types)]
    __Lead,
    Émile,
    ΣΑΣ,
    Struct {
        #[arg(long)]
        flag: bool,
    },
    EmptyStruct {},
    Newtype(Plain),
    Boxed(Box<Plain2>),

    #[command(name = "by-name")]
    Name,
    #[command(name("by-call"))]
    Call,
    #[command(id = "by-id")]
    Id,
    #[command(id("by-id-call"))]
    IdCall,
    #[command(name = "first", name = "last-in-one")]
    LastInOne,
    #[command(name = "first")]
    #[command(id = "last-in-two")]
    LastInTwo,
    #[command(id = "first", name = "last-name")]
    LastName,
    #[clap(name = "by-clap")]
    Clap,
    #[structopt(name = "by-structopt")]
    StructOpt,
    #[command(name = "Not Cased, with spaces")]
    NotCased,
    #[command(name = "Not_Renamed", rename_all = "UPPER")]
    NotRenamed,

    #[command(name = CONSTANT)]
    Constant,
    #[command(name = elsewhere::NAME)]
    Path,
    #[command(name = Associated::NAME)]
    AssociatedConstant,
    #[command(name = concat!("by-", "concat"))]
    Concat,
    #[command(name = env!("CARGO_PKG_NAME"))]
    Env,
    #[command(name = { const INNER: &str = "by-block"; INNER })]
    Block,
    #[command(name = { "in-braces" })]
    Braces,
    #[command(name = r"raw-literal")]
    RawLiteral,

    #[command(rename_all = "snake_case")]
    OwnRenameAll {
        #[arg(long)]
        some_flag: bool,
    },
    #[command(rename_all = "camelCase")]
    CamelCase,
    #[command(rename_all = "PASCAL")]
    PascalCase,
    #[command(rename_all = "screaming-snake")]
    ScreamingSnake,
    #[command(rename_all = "lower")]
    LowerCase,
    #[command(rename_all = "UPPERCASE")]
    UpperCase,
    #[command(rename_all = "verbatim")]
    #[allow(non_camel_case_types)]
    Verb_Atim,
    #[command(rename_all = "upper", rename_all = "kebab-case")]
    LastCasing,
    #[command(rename_all_env = "upper")]
    EnvCasing,
    #[group(rename_all = "upper")]
    GroupRename {
        #[arg(long)]
        some_flag: bool,
    },
    #[group(id = "not-the-name", skip)]
    GroupId {
        #[arg(long)]
        some_flag: bool,
    },

    #[command(alias = "other", visible_aliases = ["another", "third"])]
    Aliased,
    #[command(long_flag = "long-form", short_flag = 'L')]
    Flagged,
    #[command(display_name = "shown", bin_name = "shown", hide = true, about = "x", verbatim_doc_comment)]
    Shown,
    /// The author's own command, with the name of clap's
    Help,
    #[deprecated]
    Deprecated,

    #[command(subcommand)]
    Nested(Nested),
    #[command(subcommand, name = "nested-named")]
    NestedNamed(Box<Nested>),
    #[clap(subcommand)]
    NestedClap(Nested),
    #[command(subcommand)]
    NestedUnit,
    #[command(subcommand = ignored)]
    SubcommandAssigned(Plain2),
    #[command(flatten)]
    Flat(Flat),
    #[command(flatten, name = "ignored")]
    FlatNamed(FlatNamed),
    #[command(skip)]
    #[allow(dead_code)]
    Skipped(std::sync::Mutex<u8>),
    #[command(skip = "ignored", name = "ignored")]
    #[allow(dead_code)]
    SkippedValue,
    WithField {
        #[arg(long)]
        flag: bool,
        #[command(subcommand)]
        below: Nested,
    },
    WithOption {
        #[command(subcommand)]
        below: Option<Box<Nested>>,
    },
    WithFlatten {
        #[command(flatten)]
        plain: Plain3,
        #[command(flatten)]
        holder: Holder,
        #[command(flatten)]
        option: Option<Plain2>,
    },
    Holder(Holder),
    Optional(Optional),
    Programs(ExternalBelow),
    #[command(external_subcommand)]
    #[allow(dead_code)]
    Other(Vec<OsString>),
}

/// Has no subcommands and no attribute.
#[derive(Debug, Args)]
#[command(name = "ignored", rename_all = "upper", alias = "plain-alias")]
struct Plain {
    #[arg(long)]
    plain: bool,
}

#[derive(Debug, Args)]
struct Plain3 {
    #[arg(long)]
    plain: bool,
}

#[derive(Debug, Args)]
struct Plain2 {
    #[arg(long)]
    plain2: bool,
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
#[command(name = "ignored")]
enum Nested {
    One,
    #[command(rename_all = "snake_case")]
    TwoWords,
    #[command(subcommand)]
    Deeper(Deeper),
}

#[derive(Debug, Subcommand)]
#[telemetry_cli]
#[command(rename_all = "PascalCase")]
#[command(rename_all = "SCREAMING_SNAKE_CASE")]
enum Deeper {
    FirstWord,
    #[command(rename_all = "kebab")]
    SecondWord,
    #[command(flatten)]
    Flat(FlatNamed2),
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
#[group(rename_all = "UPPER")]
enum Flat {
    FlatOne,
    #[command(flatten)]
    Again(DeepFlat),
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum DeepFlat {
    DeepFlatOne,
    #[command(subcommand)]
    DeepFlatTwo(Nested),
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum FlatNamed {
    FlatNamedOne,
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum FlatNamed2 {
    FlatNamedTwo,
}

/// An `Args` struct with a subcommand, as it is flattened or used for a variant.
#[telemetry_cli]
#[derive(Debug, Args)]
struct Holder {
    #[arg(long)]
    held: bool,
    #[command(subcommand)]
    below: Nested,
}

#[telemetry_cli]
#[derive(Debug, Parser)]
struct Optional {
    #[command(flatten)]
    inner: OptionalInner,
}

#[telemetry_cli]
#[derive(Debug, Args)]
struct OptionalInner {
    #[clap(subcommand)]
    below: Option<Nested>,
}

#[telemetry_cli]
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
struct ExternalBelow {
    #[command(subcommand)]
    below: Option<OnlyExternal>,
}

#[telemetry_cli]
#[derive(Debug, Subcommand)]
enum OnlyExternal {
    Known,
    #[command(external_subcommand)]
    #[allow(dead_code)]
    Unknown(Vec<String>),
}

#[test]
fn the_tree_is_claps() {
    crate::assert_like_clap::<Forms>();
}

#[test]
fn names_are_what_the_documentation_says() {
    let names = crate::names(Forms::COMMANDS);
    for name in [
        "http-server",
        "io-error2-go",
        "v1-2",
        "type",
        "lead",
        "by-call",
        "last-in-two",
        "Not Cased, with spaces",
        "by-associated-constant",
        "telemetry-tests",
        "own_rename_all",
        "lowercase",
        "GROUPRENAME",
        "FLATONE",
        "deep-flat-one",
        "external",
    ] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(!names.iter().any(|name| name.contains("ignored") || name.contains("skipped")));
}

#[test]
fn other_spellings_give_the_same_path() {
    for line in [
        &["bin", "third"][..],
        &["bin", "--long-form"],
        &["bin", "-L"],
        &["bin", "aliase"],
        &["bin", "plain-alias"],
        &["bin", "nested", "deeper", "FIRST_WORD"],
        &["bin", "with-field", "--flag", "deeper", "second-word"],
        &["bin", "with-flatten", "--plain", "--held", "--plain2", "two_words"],
        &["bin", "programs", "known"],
    ] {
        assert!(crate::assert_path::<Forms>(line), "{line:?}");
    }
}

#[test]
fn an_external_subcommand_has_a_constant_name() {
    for line in [&["bin", "secret", "--token"][..], &["bin", "programs", "secret", "more"]] {
        assert!(crate::assert_path::<Forms>(line), "{line:?}");
    }
}

#[test]
fn a_skipped_variant_has_no_path() {
    let mut path = telemetry_runtime::__private::CommandPath::default();
    Forms::SkippedValue.command_path(&mut path);
    assert_eq!(path, telemetry_runtime::__private::CommandPath::default());
}
