//! Random numbers that say nothing about where they were made.

/// Sixteen random bytes, or `None` when the system has none to give without waiting. No thread's or process's generator is
/// used: nothing is kept, so nothing is shared by a fork.
#[cfg(target_os = "linux")]
pub(crate) fn bytes() -> Option<[u8; 16]> {
    use rustix::rand::{GetRandomFlags, getrandom};

    let mut bytes = [0; 16];
    let filled = getrandom(&mut bytes, GetRandomFlags::NONBLOCK).ok()?;
    (filled == bytes.len()).then_some(bytes)
}

/// From the source that `uuid` knows on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn bytes() -> Option<[u8; 16]> {
    Some(uuid::Uuid::new_v4().into_bytes())
}
