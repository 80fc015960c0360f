//! Delivery: later, by another process, to where the author of the CLI has said.
//!
//! A run that has appended its event looks at the time of one file. If it is time, it starts this program again, as a
//! worker, and goes on without waiting. The worker empties the queue, and remembers how that went. None of this is
//! compiled without the feature that can send.

mod state;

pub(crate) use state::Status;

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
#[cfg(feature = "http")]
mod worker;

#[cfg(feature = "http")]
pub(crate) use endpoint::destination;
#[cfg(feature = "http")]
pub(crate) use flush::{Report, Undelivered, flush, preview};
#[cfg(feature = "http")]
pub(crate) use worker::{after_append, worker_if_asked};

#[cfg(not(feature = "http"))]
mod absent;
#[cfg(not(feature = "http"))]
pub(crate) use absent::{after_append, destination, worker_if_asked};
