//! All that generated code may name. No part of the public interface: it changes without notice.

pub use clap;
pub use telemetry_macros::TelemetryCommandTree as CommandTreeDerive;

pub use crate::app::{App, ConsentMode, Envelope, Protocol, TelemetryApp, Variables};
pub use crate::check::{check_depth, check_endpoint, check_header, check_siblings};
pub use crate::commands::{CommandNode, CommandPath, CommandTree};
pub use crate::error_class::probe::{
    ByClass, ByName, BySharedSource, BySource, Classes, ErrorProbe, HasClasses, HasName, HidesType, Listed,
    ListedByName, ListedProbe, MainErrors, NoError, ReturnProbe, Returned, ReturnsNoError, Unknown,
};
pub use crate::error_class::{ClassNode, ErrorClass, ErrorClassName};
pub use crate::main_wrapper::{run, run_unparsed};
pub use crate::parse::{parse, parse_from, try_parse, try_parse_from};
pub use crate::probe::{ImportProbe, NotATree, NotATreeValue, ParserNotImported, TreeProbe, ValueProbe};
pub use crate::{error_class_of, errors_of_main};
