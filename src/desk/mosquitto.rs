//! Lines to type for those who run a Mosquitto, which is what most people try first.

use crate::profile::terminal;

/// What it needs for browsers, in its configuration.
pub const LISTENER: &str = "listener 9001\nprotocol websockets";

/// What it needs to ask for passwords, in its configuration.
pub const PASSWORDS: &str = "allow_anonymous false\npassword_file /etc/mosquitto/passwd";

/// The commands that let a user in; `None`: somebody.
pub fn let_in(user_name: Option<&str>) -> String {
    let user = terminal::quote(user_name.unwrap_or("chen"));
    format!("sudo mosquitto_passwd /etc/mosquitto/passwd {user}\nsudo systemctl reload mosquitto")
}
