//! What tells one run from another, and says nothing else: a random number.

use uuid::Uuid;

/// A random UUID (version 4), or none when the system has no randomness to give without waiting.
#[cfg(target_os = "linux")]
pub(crate) fn session_id() -> Option<Uuid> {
    use rustix::rand::{GetRandomFlags, getrandom};

    let mut bytes = [0; 16];
    let filled = getrandom(&mut bytes, GetRandomFlags::NONBLOCK).ok()?;
    (filled == bytes.len()).then(|| uuid::Builder::from_random_bytes(bytes).into_uuid())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn session_id() -> Option<Uuid> {
    Some(Uuid::new_v4())
}
