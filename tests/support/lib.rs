//! What the tests and measurements share: the examples, built, and run in a world of their own.

mod build;
mod json;
mod program;
mod random;

pub use build::{Examples, Profile, build_program, cargo, delivering};
pub use json::keys;
pub use program::Program;
pub use random::{Random, seed};
