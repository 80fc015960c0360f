//! A server. Servers are often killed; with the key `abandoned`, a later run records those that were.
//!
//! ```sh
//! export SERVER_TELEMETRY_ENABLED=1 SERVER_TELEMETRY_DIR=target/server
//! cargo run --example server -- serve --port 8080 & sleep 5; cargo run --example server -- ping 8080; kill -9 $!
//! cargo run --example server -- ping 8080; cat target/server/queue.jsonl
//! ```

use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli(app = "server", abandoned)]
#[derive(Parser)]
#[command(name = "server", version)]
enum Cli {
    /// Greet everybody who connects
    Serve {
        /// 0 for any that is free
        #[arg(long, default_value_t = 0)]
        port: u16,
    },
    /// Connect to a server
    Ping { port: u16 },
}

#[telemetry_main]
fn main(cli: Cli) -> io::Result<()> {
    match cli {
        Cli::Serve { port } => {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
            println!("listening on {}", listener.local_addr()?);
            for client in listener.incoming() {
                client?.write_all(b"hello\n")?;
            }
        }
        Cli::Ping { port } => {
            io::copy(&mut TcpStream::connect((Ipv4Addr::LOCALHOST, port))?, &mut io::stdout())?;
        }
    }
    Ok(())
}

#[test]
fn the_allowlist_is_complete() {
    telemetry_runtime::testing::assert_allowlist::<Cli>();
}
