//! A stop finishes what has begun: what was acknowledged is kept, and what is under way is answered.

use std::net::TcpStream;
use std::thread;

use crate::client::{Client, body, run};
use crate::server::{Home, SIGINT, SIGTERM};

#[test]
fn what_is_acknowledged_before_a_stop_is_kept() {
    let home = Home::new();
    let server = home.serve(&["--max-requests", "0"]);
    let address = server.address.clone();
    let clients: Vec<_> = (0..4_u128)
        .map(|client| {
            let address = address.clone();
            thread::spawn(move || {
                let mut connection = Client::new(&address);
                let deliveries = (0..).map_while(|number| {
                    let answer = connection.deliver(&[run((client << 64) + number)])?;
                    assert_eq!(answer.status, 200);
                    Some(())
                });
                deliveries.count()
            })
        })
        .collect();
    support::wait_until("some are stored", || server.metric("fleet_runs_stored_total") > 100);
    assert!(server.stop().success());
    let acknowledged: usize = clients.into_iter().map(|client| client.join().unwrap()).sum();
    let kept: usize = home.count().parse().unwrap();
    // An answer can be lost on its way, one to each client.
    assert!((acknowledged..=acknowledged + 4).contains(&kept), "{acknowledged} acknowledged, {kept} kept");
    // Everything is in the one file.
    assert!(!home.data().with_extension("db-wal").exists());
}

#[test]
fn a_request_under_way_is_answered() {
    for signal in [SIGINT, SIGTERM] {
        let home = Home::new();
        let server = home.serve(&[]);
        let (mut idle, mut client) = (server.client(), server.client());
        assert_eq!(idle.get("/healthz").status, 200);
        let body = body(&[run(1)]);
        client.begin(body.len(), &[("expect", "100-continue")]);
        // The server has read the headers, and waits for the body.
        assert_eq!(client.answer().status, 100);
        server.signal(signal);
        support::wait_until("nothing else is accepted", || TcpStream::connect(&server.address).is_err());
        client.send(&body);
        assert_eq!(client.answer().status, 200, "{signal}");
        assert_eq!((idle.rest(), client.rest()), (Vec::new(), Vec::new()));
        assert!(server.end().success());
        assert_eq!(home.count(), "1");
        assert!(!home.data().with_extension("db-wal").exists());
    }
}

#[test]
fn a_server_that_has_just_started_stops_as_well() {
    for signal in [SIGINT, SIGTERM] {
        let home = Home::new();
        let server = home.serve(&[]);
        server.signal(signal);
        assert!(server.end().success(), "{signal}");
    }
}
