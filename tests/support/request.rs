use std::io::Read;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::Request;

/// Readers for request bodies. Each panics if the body is something else.
impl Request {
    /// The uncompressed body.
    pub fn decompressed(&self) -> Vec<u8> {
        match self.header("content-encoding") {
            Some("gzip") => {
                let mut body = Vec::new();
                GzDecoder::new(&self.body[..]).read_to_end(&mut body).expect("the body is gzip");
                body
            }
            _ => self.body.clone(),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.decompressed()).expect("the body is JSON")
    }

    /// The session of the only event in an envelope.
    pub fn session_id(&self) -> String {
        self.json()["sessionId"].as_str().expect("there is a session").to_owned()
    }
}
