//! A fleet that does not exist, to try everything before the first user.

pub mod client;
mod deliver;
mod fleet;
mod plan;
mod program;
mod random;

pub use self::deliver::{Error, MAX_DELIVERED_DAYS, deliver, write};
pub use self::fleet::Fleet;
pub use self::plan::{Change, Effect, Plan, Release};
pub use self::random::Random;
