//! Delivery: later, by another process, to the endpoint that the author of the CLI declared.
//!
//! A run that has appended its event looks at the time of one file. Once the interval has passed, it starts this program
//! again as a detached worker, without waiting. The worker empties the queue and saves the result. None of this is compiled
//! without a feature that can send.

#[cfg(not(feature = "http"))]
mod absent;
#[cfg(feature = "http")]
pub(crate) mod client;
#[cfg(feature = "http")]
mod deliver;
#[cfg(feature = "http")]
pub(crate) mod endpoint;
#[cfg(feature = "http")]
mod flush;
#[cfg(feature = "http")]
pub(crate) mod retry;
#[cfg(feature = "http")]
mod stamp;
mod state;
#[cfg(feature = "http")]
mod trust;
#[cfg(feature = "http")]
mod unfinished;
#[cfg(feature = "http")]
mod worker;

#[cfg(not(feature = "http"))]
pub(crate) use self::absent::{after_append, destination, start_problem, unfinished_unix_ms, worker_if_asked};
#[cfg(feature = "http")]
pub(crate) use self::endpoint::destination;
#[cfg(feature = "http")]
pub(crate) use self::flush::{Report, Undelivered, flush, preview};
pub(crate) use self::state::Status;
#[cfg(feature = "http")]
pub(crate) use self::unfinished::unfinished_unix_ms;
#[cfg(feature = "http")]
pub(crate) use self::worker::{after_append, worker_if_asked};
#[cfg(feature = "http")]
pub(crate) use crate::sys::start_problem;
