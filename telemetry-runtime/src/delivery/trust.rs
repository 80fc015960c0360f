//! Whose certificates are trusted.
//!
//! Mozilla's roots are compiled in: they are the same everywhere, even in a container without certificates. A user whose
//! network has a certificate authority of its own names a file, as for other programs; with the feature
//! `platform-verifier`, the system's own store decides instead.

use ureq::tls::{PemItem, RootCerts, parse_pem};

use crate::declare::App;
use crate::{disclosure, environment};

/// The roots to trust; an error if the file that the environment names cannot be used. Nothing is sent then: the user
/// does not want any other.
pub(super) fn root_certs(app: &App) -> Result<RootCerts, &'static str> {
    let Some(file) = environment::certificate_file(disclosure::heeds_open_telemetry(app)) else {
        return Ok(if cfg!(feature = "platform-verifier") { RootCerts::PlatformVerifier } else { RootCerts::WebPki });
    };
    let pem = std::fs::read(file).map_err(|_| "the certificate file cannot be read")?;
    let certificates: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() { Err("the certificate file holds no certificate") } else { Ok(certificates.into()) }
}
