//! Senders that are slow, many, or large.

use crate::client::{PROTOBUF, body, run, runs};
use crate::server::Home;

#[test]
fn a_slow_sender_is_sent_away() {
    let home = Home::new();
    let server = home.serve(&["--timeout", "1"]);
    let body = body(&[run(1)]);
    let (mut slow, mut silent, mut idle) = (server.client(), server.client(), server.client());
    slow.begin(body.len(), &[]);
    slow.send(&body[..1]);
    silent.send(b"POST /v1/traces HTTP/1.1\r\nhost: fl");
    assert_eq!(idle.deliver(&[run(2)]).unwrap().status, 200);
    let answer = slow.answer();
    assert_eq!((answer.status, answer.header("retry-after")), (408, None));
    // Nothing can be said to those who have not asked for anything.
    for client in [slow, silent, idle] {
        assert_eq!(client.rest(), b"");
    }
    assert_eq!(server.metric(r#"fleet_requests_total{path="/v1/traces",status="408"}"#), 1);
    assert_eq!(home.count(), "1");
}

/// A connection beyond the limit is served as soon as another one ends.
#[test]
fn connections_beyond_the_limit_wait() {
    let home = Home::new();
    let server = home.serve(&["--max-connections", "2"]);
    let mut clients = [server.client(), server.client()];
    for client in &mut clients {
        assert_eq!(client.get("/healthz").status, 200);
    }
    let mut third = server.client();
    third.send(b"GET /healthz HTTP/1.1\r\nhost: fleet\r\n\r\n");
    let [first, second] = &mut clients;
    for session in 0..50 {
        assert_eq!(first.deliver(&[run(session)]).unwrap().status, 200);
        assert_eq!(second.get("/healthz").status, 200);
    }
    assert!(!third.is_answered());
    drop(clients);
    assert_eq!(third.answer().status, 200);
}

/// Sixteen of the largest bodies are held, all but their last bytes. There is no room for more until one is answered.
#[test]
fn bodies_under_way_have_a_limit_together() {
    const HELD: u128 = 16;
    let home = Home::new();
    let bodies: Vec<_> = (0..HELD + 2).map(|number| body(&runs(number * 2..number * 2 + 2))).collect();
    let length = bodies[0].len();
    let server = home.serve(&["--max-body", &length.to_string()]);
    let clients = bodies.iter().map(|body| {
        let mut client = server.client();
        client.begin(length, &[]);
        client.send(&body[..length - 1]);
        client
    });
    let mut clients: Vec<_> = clients.collect();
    support::wait_until("two are refused", || clients.iter().filter(|client| client.is_answered()).count() == 2);
    let mut refused = Vec::new();
    for (client, body) in clients.iter_mut().zip(&bodies) {
        if client.is_answered() {
            let answer = client.answer();
            assert!(answer.status == 429 && answer.header("retry-after").is_some());
            refused.push(body);
        } else {
            client.send(&body[length - 1..]);
            assert_eq!(client.answer().status, 200);
        }
    }
    assert_eq!(home.count(), (2 * HELD).to_string());
    for body in refused {
        assert_eq!(server.client().post("/v1/traces", &[PROTOBUF], body).status, 200);
    }
    assert_eq!(home.count(), (2 * HELD + 4).to_string());
}

/// Whoever comes again is accepted, and kept once.
#[test]
fn too_many_requests_are_asked_to_come_later() {
    let home = Home::new();
    let server = home.serve(&["--max-requests", "5"]);
    let mut client = server.client();
    let mut refused = Vec::new();
    for session in 0..20 {
        let answer = client.deliver(&[run(session)]).unwrap();
        if answer.status == 429 {
            let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((30..90).contains(&seconds));
            refused.push(session);
        } else {
            assert_eq!(answer.status, 200);
        }
    }
    assert!(!refused.is_empty());
    assert_eq!(home.count(), (20 - refused.len()).to_string());
    for session in refused {
        support::wait_until("there is room again", || client.deliver(&[run(session)]).unwrap().status == 200);
    }
    assert_eq!(home.count(), "20");
}
