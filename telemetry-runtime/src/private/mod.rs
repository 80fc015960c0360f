//! Everything that generated code refers to. Not part of the public API: it may change in any release.

mod error_probe;
mod tree_probe;

pub use clap;
pub use telemetry_macros::TelemetryCommandTree as CommandTreeDerive;

pub use self::error_probe::{
    ByClass, ByName, BySharedSource, BySource, ErrorProbe, HasClasses, HasName, HidesType, ListedByName, ListedProbe,
    NoError, ReturnProbe, ReturnsNoError, Unknown,
};
pub use self::tree_probe::{ImportProbe, NotATree, NotATreeValue, TreeProbe, ValueProbe};
pub use crate::declare::{
    App, Buckets, ClassNode, Classes, ClosedSet, CommandNode, CommandPath, CommandTree, ConsentMode, Context,
    Countable, Envelope, ErrorClass, ErrorClassName, Fact, FactNode, FactSlot, Flag, Key, Labels, ListedError,
    MainErrors, Phase, PhaseNode, PhaseSlot, Protocol, RecordedOption, RecordedOptions, RecordsFact, SentTime,
    TelemetryApp, TimesPhase, Variables, check_channel, check_depth, check_endpoint, check_header, check_siblings,
    first_flag, key, key_len, packed, packed_len, range_of, with_details_of,
};
pub use crate::run::{
    Returned, get_matches, parse, parse_from, run, run_unparsed, time, try_get_matches, try_parse, try_parse_from,
};
pub use crate::{
    error_class_of, errors_of_main, matches_functions_unless_parse_is_false, parse_functions_unless_parse_is_false,
};
