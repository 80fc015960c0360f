//! The worker on Windows, as far as it can be seen without `/proc`.

use support::{Gate, Reply, Sink, names, wait_until};

use crate::courier::Courier;

/// Whoever reads the program's output waits until nobody has it open any more.
#[test]
fn a_worker_inherits_nothing_and_delivers() {
    let gate = Gate::default();
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Gated(gate.clone(), 200)));
    let output = courier.run(&["remote"], &sink.url()).output().unwrap();
    assert!(output.status.success());
    sink.wait_for(1);
    // A worker that had the output open would have given up before the output ended.
    gate.open();
    wait_until("the event is delivered", || courier.waiting().is_empty());
    assert_eq!(sink.requests().len(), 1);
}

/// A delivery has the file open meanwhile.
#[test]
fn what_is_purged_during_a_delivery_is_gone() {
    let gate = Gate::default();
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Gated(gate.clone(), 500)));
    courier.deliver(&sink);
    sink.wait_for(1);
    assert!(!courier.waiting().is_empty());
    let purge = courier.run(&["telemetry", "purge"], "").output().unwrap();
    assert!(purge.status.success(), "{}", String::from_utf8_lossy(&purge.stderr));
    // The event of the purge itself is left.
    let is_left = || courier.waiting().iter().any(|line| line.contains(r#""remote""#));
    assert!(!is_left());
    gate.open();
    wait_until("no file of the delivery is left", || {
        let is_of_delivery = |name: &String| name.starts_with("sealed-") || name.ends_with(".removed");
        !names(&courier.program.telemetry_dir()).iter().any(is_of_delivery)
    });
    assert!(!is_left());
}
