//! Receiving: HTTP in front of the store.

mod body;
mod connections;
mod counts;
mod limit;
mod metrics;
mod nemo;
mod otlp;
mod protobuf;
mod reply;
mod routes;
mod serve;

pub use self::counts::LeftOut;
pub use self::otlp::{NAMESPACE, runs};
pub use self::protobuf::Malformed;
pub use self::serve::{Error, MIN_KEEP_DAYS, Settings, serve};
