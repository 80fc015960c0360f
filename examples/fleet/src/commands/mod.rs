//! The commands' arguments.

mod serve;

pub(crate) use self::serve::Serve;
