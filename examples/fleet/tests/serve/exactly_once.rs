//! What is acknowledged is kept, once.

use std::collections::BTreeSet;
use std::thread;

use crate::client::{Client, run, runs};
use crate::server::Home;

#[test]
fn a_run_that_comes_again_is_kept_once() {
    let home = Home::new();
    let server = home.serve(&[]);
    let mut client = server.client();
    let mut lossy = run(7);
    lossy.dropped = 3;
    // Twice in one request, in two requests, and in requests at the same time.
    let mut batch = runs(0..10);
    batch.extend([lossy.clone(), lossy]);
    assert_eq!(client.deliver(&batch).unwrap().status, 200);
    assert_eq!(client.deliver(&batch).unwrap().status, 200);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(server.client().deliver(&runs(5..50)).unwrap().status, 200));
        }
    });
    assert_eq!(home.count(), "50");
    assert!(server.stop().success());

    // The next server knows them too, and so does the one after it.
    for _ in 0..2 {
        let server = home.serve(&[]);
        assert_eq!(server.client().deliver(&runs(0..60)).unwrap().status, 200);
        assert_eq!(home.count(), "60");
        server.kill();
    }
}

/// What the first occurrence said counts, whichever of a delivery's runs says it.
#[test]
fn losses_are_counted_once() {
    let home = Home::new();
    let server = home.serve(&[]);
    let mut lossy = run(1);
    lossy.dropped = 3;
    for _ in 0..3 {
        assert_eq!(server.client().deliver(&[run(0), lossy.clone()]).unwrap().status, 200);
    }
    assert_eq!(home.ask("SELECT sum(dropped_events) FROM runs"), ["3"]);
    assert_eq!(server.metric("fleet_events_lost_total"), 3);

    // Somebody can say that everything was lost, more than once.
    let untrue = [2, 3, 4].map(|session| {
        let mut untrue = run(session);
        untrue.dropped = i64::MAX as u64;
        untrue
    });
    assert_eq!(server.client().deliver(&untrue).unwrap().status, 200);
    assert_eq!(server.metric("fleet_events_lost_total"), u64::MAX);
    assert_eq!(server.client().deliver(&[run(5)]).unwrap().status, 200);
    assert_eq!(server.metric("fleet_events_lost_total"), u64::MAX);
}

/// No query shows the order in which runs have arrived.
#[test]
fn the_order_of_rows_is_not_that_of_arrival() {
    let home = Home::new();
    let server = home.serve(&[]);
    let mut client = server.client();
    let sent = runs(0..100);
    for run in &sent {
        assert_eq!(client.deliver(std::slice::from_ref(run)).unwrap().status, 200);
    }
    let mut by_session: Vec<String> =
        sent.iter().map(|run| run.session_id.map(|byte| format!("{byte:02x}")).concat()).collect();
    by_session.sort();
    assert_eq!(home.ask("SELECT lower(hex(session_id)) FROM kept ORDER BY id"), by_session);
}

/// Servers are killed while many clients deliver. Every run whose delivery was acknowledged is there.
#[test]
fn what_is_acknowledged_survives_a_kill() {
    const CLIENTS: u128 = 8;
    let home = Home::new();
    let mut acknowledged = BTreeSet::new();
    for round in 0..3_u128 {
        let server = home.serve(&["--max-requests", "0"]);
        let address = server.address.clone();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let address = address.clone();
                thread::spawn(move || {
                    let mut connection = Client::new(&address);
                    let mut acknowledged = Vec::new();
                    for delivery in 0.. {
                        let first = ((round * CLIENTS + client) << 64) + delivery * 20;
                        let batch = runs(first..first + 20);
                        match connection.deliver(&batch) {
                            Some(answer) => assert_eq!(answer.status, 200),
                            None => break,
                        }
                        acknowledged.extend(batch.iter().map(|run| run.session_id));
                    }
                    acknowledged
                })
            })
            .collect();
        // In the middle of it.
        support::wait_until("some are stored", || server.metric("fleet_runs_stored_total") > 2_000);
        server.kill();
        for client in clients {
            acknowledged.extend(client.join().unwrap());
        }
    }
    let kept = home.ask("SELECT lower(hex(session_id)) FROM kept");
    let once = kept.iter().collect::<BTreeSet<_>>();
    assert_eq!(once.len(), kept.len(), "some are kept twice");
    let missing = acknowledged.iter().filter(|id| !once.contains(&id.map(|byte| format!("{byte:02x}")).concat()));
    assert_eq!(missing.count(), 0);
    assert!(acknowledged.len() > 6_000 - 3 * 8 * 20);
}
