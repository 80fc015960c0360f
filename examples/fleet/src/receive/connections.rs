//! Connections: how many there are, how long a request may take to arrive on one, and how they end.

use std::future::Future;
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// What is read ahead of a connection, at most.
const MAX_BUFFER: usize = 128 * 1_024;

/// Connections that are still open then are closed.
const LONGEST_STOP: Duration = Duration::from_secs(10);

/// After an error that does not go away by itself, such as too many open files.
const PAUSE: Duration = Duration::from_secs(1);

/// Serves connections until `stop` is ready, `max` of them at the same time. Then finishes the requests that have begun.
///
/// A connection on which no request begins within `timeout`, or on which the headers take longer, is closed.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    max: usize,
    timeout: Duration,
    stop: impl Future<Output = ()>,
) {
    let slots = Arc::new(Semaphore::new(max));
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(timeout).max_buf_size(MAX_BUFFER);
    let mut stop = pin!(stop);
    loop {
        // Beyond the limit, connections wait in the system's queue.
        let next = async { (Arc::clone(&slots).acquire_owned().await, accept(&listener).await) };
        let (slot, stream) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let service = TowerToHyperService::new(router.clone());
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            // An error is the sender's.
            let _ = connection.await;
            drop(slot);
        });
    }
    drop(listener);
    let all = u32::try_from(max).unwrap_or(u32::MAX);
    let finish = async {
        graceful.shutdown().await;
        // Then nothing of a connection is left.
        let _ = slots.acquire_many(all).await;
    };
    let _ = tokio::time::timeout(LONGEST_STOP, finish).await;
}

/// The next connection.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            // It has gone away again.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}
