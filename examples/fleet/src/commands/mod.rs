//! The commands' arguments.

mod serve;
mod simulate;

pub(crate) use self::serve::Serve;
pub(crate) use self::simulate::Simulate;

use crate::Error;

/// Runs what is asynchronous.
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Error::Runtime)?;
    Ok(runtime.block_on(future))
}
