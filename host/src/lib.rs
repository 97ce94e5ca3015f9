//! Midge's companion: one port that serves the page and MQTT over WebSocket to an embedded broker.
//!
//! - [`Options`]: what the command line says.
//! - [`Midge`]: opens the ports (`ports`), joins the parts, stops them. [`StartError`]: why it does not start.
//! - `page`: the built page over HTTP; `files`: inside the program or in a folder. `about`: `/midge.json`.
//! - `http_front`: HTTP with a time for everything. `mqtt_front`: `/mqtt`, the handshake of WebSocket; `websocket`: its
//!   frames. `tcp_front`: plain MQTT for other programs. `listen`: accepts connections for all of them.
//! - `way_in`: `/broker/NAME`, a page's conversation with a broker of elsewhere that was named; `upstream`: which that are;
//!   `reaching`: how it is reached, over TLS where it asks for that; `unreached`: why it was not.
//! - `relay`: one client's conversation with the broker; `downward`: what is written to it; `pace`: when messages to the
//!   page are joined; `farewell`: how it ends; `stream`: what it goes over.
//! - `gate`: what has to be known of a client's packets before the broker gets them; `refusal`: what is said to those who
//!   are refused; `seats`: how many may come; `guesses`: wrong passwords are slowed; `complaints`: a line in the terminal.
//! - `authority`: the own CA and its certificates; `tls`: which certificate is shown, and when another one; `tls_front`:
//!   accepts connections over TLS; `ca_page`: `/ca`, where others get the CA's certificate.
//! - `people`: who may come in and do what, from the command line and from files; `password_file` and `acl_file`: those of
//!   mosquitto; [`passwd`]: writes a user into one.
//! - `security`: response headers, which Host and which Origin are served.
//! - `inside`: what the broker tells of its inside, for the one at the machine alone.
//! - `metrics`: numbers for Prometheus.
//! - `publisher`: publishes the program's own messages, once a second; `demo` makes them.
//! - `lan`: this machine's address in its network, and a QR code of it.
//! - [`stop`]: how a clean stop is asked for and waited for.
//!
//! The broker itself is in the crate `midge-broker`; here it is two ends for each connection.

mod about;
mod acl_file;
mod authority;
mod ca_page;
mod complaints;
mod demo;
mod descriptors;
mod downward;
mod farewell;
mod files;
mod gate;
mod guesses;
mod http_front;
mod inside;
mod lan;
mod listen;
mod metrics;
mod midge;
mod mqtt_front;
mod options;
mod pace;
mod page;
pub mod passwd;
mod password_file;
mod people;
mod ports;
mod publisher;
mod reaching;
mod refusal;
mod relay;
mod seats;
mod security;
mod start_error;
pub mod stop;
mod stream;
mod tcp_front;
mod tls;
mod tls_front;
mod unreached;
mod upstream;
mod way_in;
mod websocket;

pub use midge::Midge;
pub use midge_broker::Limits;
pub use options::{Credentials, Options, Origin, Task};
pub use start_error::StartError;
