//! What a CLI declares about itself: constants evaluated by the compiler, their types, and lists made of them at run time.
//!
//! Imports nothing from the rest of the crate, does no I/O and reads no clock or environment.

mod app;
mod commands;
mod const_check;
pub(crate) mod context;
mod declared;
mod details;
mod endpoint;
mod error_class;
mod error_class_std;
mod facts;
mod fingerprint;
mod group;
mod labels;
pub(crate) mod limits;
mod lines;
mod lookup;
mod options;
mod recordable;
mod sorted;
mod traits;
mod type_name;
mod uninstrumented;

pub use self::app::{App, ConsentMode, Envelope, Protocol, SentTime, Variables};
pub use self::commands::{CommandNode, CommandPath};
pub(crate) use self::commands::{EXTERNAL, MAX_DEPTH, NodeKind};
pub use self::const_check::{check_depth, check_header, check_siblings};
pub(crate) use self::context::ACTIVE_SINCE;
pub use self::context::{Context, check_channel};
pub(crate) use self::details::Details;
#[cfg(feature = "http")]
pub(crate) use self::endpoint::EndpointUrl;
pub use self::endpoint::check_endpoint;
pub use self::error_class::{ClassNode, Classes, ErrorClass, ErrorClassName, ListedError, MainErrors};
pub(crate) use self::error_class_std::{CLAP_CLASSES, STANDARD, STANDARD_CLASSES, class_of, downcast};
pub use self::facts::{Fact, FactNode, FactSlot, Phase, PhaseNode, PhaseSlot, RecordsFact, TimesPhase};
pub(crate) use self::group::Group;
pub(crate) use self::labels::NAME_MAX_BYTES;
pub use self::labels::{Key, Labels, key, key_len, packed, packed_len};
pub(crate) use self::lines::{Lines, Pieces};
pub(crate) use self::lookup::{find, find_external, find_listed, find_unlisted};
pub use self::options::{Buckets, ClosedSet, Countable, RecordedOption, RecordedOptions, range_of};
pub(crate) use self::options::{Form, Read};
pub(crate) use self::recordable::{Allowed, AllowedForm, Recordable};
pub(crate) use self::sorted::Sorted;
pub use self::traits::{CommandTree, Flag, TelemetryApp, first_flag, with_details_of};
pub(crate) use self::traits::{FLAG_ID, GivenArgs, Root};
pub(crate) use self::uninstrumented::{note_uninstrumented, take_uninstrumented};
