//! The command line, parsed into what the other parts can take without looking twice.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};

use crate::upstream::Upstream;

/// Users for people who do not want passwords in the list of processes.
const USERS_VARIABLE: &str = "MIDGE_USERS";

/// What is held against clients, for those who wonder why one was refused. The numbers are those of `midge_broker::Limits`.
const LIMITS: &str = "\
Limits: 128 topic levels; 1,000 subscriptions a client; 100,000 retained messages and 128 MiB of them;
64 MiB on their way to a client, 32 MiB waiting for it, 256 MiB for all; sessions of clients that are
away end after a day, and there are 1,000 of them at the most; 10 s to CONNECT; wrong passwords are
slowed by address. Fewer connections where the system grants few open files (ulimit -n).";

/// Serves Midge's page and an MQTT broker on one port.
#[derive(Parser, Debug, Clone)]
#[command(name = "midge", version, after_help = LIMITS, args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Options {
    /// Port of the page and of MQTT over WebSocket; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8080)]
    pub port: u16,

    /// Also open the broker for plain MQTT, for mosquitto_pub, Python, devices; 0 takes a free port
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "1883")]
    pub tcp: Option<u16>,

    /// Serve https and wss as well, on this port, with a certificate of an own CA that others can trust; 0 takes a free port
    #[arg(long, value_name = "PORT", num_args = 0..=1, default_missing_value = "8443")]
    pub tls: Option<u16>,

    /// The port of MQTT over TLS, which --tls and --tcp open together; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 8883, requires_all = ["tls", "tcp"])]
    pub mqtts: u16,

    /// Keep the own CA in this folder instead of the user's data folder
    #[arg(
        long = "tls-folder",
        value_name = "FOLDER",
        requires = "tls",
        conflicts_with = "cert"
    )]
    pub tls_folder: Option<PathBuf>,

    /// With --tls: show the certificate of this PEM file instead of one of an own CA. Read again when it changes
    #[arg(long, value_name = "FILE", requires_all = ["tls", "key"])]
    pub cert: Option<PathBuf>,

    /// The key of that certificate
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,

    /// Listen on all interfaces, so that phones and devices of this network can join
    #[arg(long)]
    pub lan: bool,

    /// Publish a small, lifelike set of topics
    #[arg(long)]
    pub demo: bool,

    /// Let in only those who give this name and password; may be repeated. Also read from the
    /// variable MIDGE_USERS, separated by spaces
    #[arg(long = "user", value_name = "NAME:PASSWORD")]
    pub users: Vec<Credentials>,

    /// Let in the users of this file, which mosquitto_passwd or midge passwd wrote. Read again when it changes
    #[arg(long = "password-file", value_name = "FILE")]
    pub password_file: Option<PathBuf>,

    /// Allow what this file says, written like mosquitto's acl_file, and nothing else. Read again when it changes
    #[arg(long = "acl-file", value_name = "FILE")]
    pub acl_file: Option<PathBuf>,

    /// Let everyone who reaches the port of the page read /metrics, and not this machine alone
    #[arg(long = "metrics-for-all")]
    pub metrics_for_all: bool,

    /// Let pages of this origin use /mqtt, for example https://midge.example.org; may be repeated
    #[arg(long = "allow-origin", value_name = "ORIGIN")]
    pub origins: Vec<Origin>,

    /// Give pages a way to this broker: mqtt://, mqtts://, ws:// or wss://, with NAME= before it if it shall have
    /// another name than its host; may be repeated
    #[arg(long = "broker", value_name = "ADDRESS")]
    pub brokers: Vec<Upstream>,

    /// Trust those whose certificate is signed by a CA of this PEM file, and nobody else, when a --broker is reached
    #[arg(long = "broker-ca", value_name = "FILE", requires = "brokers")]
    pub broker_ca: Option<PathBuf>,

    /// Show this certificate (PEM) to each --broker that asks for one
    #[arg(long = "broker-cert", value_name = "FILE", requires_all = ["brokers", "broker_key"])]
    pub broker_cert: Option<PathBuf>,

    /// The key of that certificate
    #[arg(long = "broker-key", value_name = "FILE", requires = "broker_cert")]
    pub broker_key: Option<PathBuf>,

    /// The largest MQTT packet that is taken, in bytes or with K or M: 64K to 256M
    #[arg(long = "max-packet", value_name = "SIZE", default_value = "16M", value_parser = packet_size)]
    pub packet: usize,

    /// Keep sessions and retained messages in this folder, so that they outlive this program
    #[arg(long, value_name = "FOLDER")]
    pub data: Option<PathBuf>,

    /// Serve the page from this folder instead of the one inside this program
    #[arg(long, value_name = "FOLDER", value_parser = page_folder)]
    pub page: Option<PathBuf>,

    /// Open the page in the browser
    #[arg(long)]
    pub open: bool,

    /// What is to be done instead of serving
    #[command(subcommand)]
    pub task: Option<Task>,
}

/// What is done and over.
#[derive(Subcommand, Debug, Clone)]
pub enum Task {
    /// Add a user to a password file, or give one another password. It is asked for, or read from the input
    Passwd {
        /// The file; made if it is not there
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The user
        #[arg(value_name = "NAME")]
        name: String,
    },
}

impl Options {
    /// What this program was called with, and the users that the environment names.
    pub fn from_arguments_and_environment() -> Result<Options, clap::Error> {
        let mut options = Options::try_parse()?;
        if let Some(users) = std::env::var_os(USERS_VARIABLE) {
            let users = users.to_str().ok_or_else(|| {
                clap::Error::raw(
                    ErrorKind::ValueValidation,
                    format!("{USERS_VARIABLE} is not UTF-8\n"),
                )
            })?;
            options.add_users(users)?;
        }
        Ok(options)
    }

    /// Adds users from `NAME:PASSWORD` entries separated by white space.
    pub fn add_users(&mut self, entries: &str) -> Result<(), clap::Error> {
        for entry in entries.split_whitespace() {
            let user = entry.parse().map_err(|error| {
                clap::Error::raw(
                    ErrorKind::ValueValidation,
                    // The entry itself is not shown: it may be a password.
                    format!("an entry of {USERS_VARIABLE} is wrong: {error}\n"),
                )
            })?;
            self.users.push(user);
        }
        Ok(())
    }
}

/// The smallest that `--max-packet` takes: a client must be able to say who it is.
const SMALLEST_PACKET: usize = 64 * 1024;

/// The largest: MQTT itself has 5 bytes less.
const LARGEST_PACKET: usize = 256 * 1024 * 1024;

fn packet_size(text: &str) -> Result<usize, &'static str> {
    let (number, unit) = match text.trim_end_matches(['k', 'K', 'm', 'M']) {
        number if number.len() == text.len() => (number, 1),
        number if text.ends_with(['k', 'K']) => (number, 1024),
        number => (number, 1024 * 1024),
    };
    let is_one_letter = text.len() - number.len() <= 1;
    number
        .parse::<usize>()
        .ok()
        .filter(|_| is_one_letter)
        .and_then(|number| number.checked_mul(unit))
        .filter(|size| (SMALLEST_PACKET..=LARGEST_PACKET).contains(size))
        .ok_or("a size is written like 65536, 512K or 16M, and is from 64K to 256M")
}

fn page_folder(text: &str) -> Result<PathBuf, &'static str> {
    let folder = PathBuf::from(text);
    if folder.join("index.html").is_file() {
        Ok(folder)
    } else {
        Err("there is no index.html in this folder")
    }
}

/// A user name and its password, written `NAME:PASSWORD`. The password may contain colons.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Not empty.
    pub name: String,
    /// May be empty.
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl FromStr for Credentials {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Credentials, Self::Err> {
        match text.split_once(':') {
            None => Err("a user is written NAME:PASSWORD, and the colon is missing"),
            Some(("", _)) => Err("a user is written NAME:PASSWORD, and the name is empty"),
            Some((name, password)) => Ok(Credentials {
                name: name.to_owned(),
                password: password.to_owned(),
            }),
        }
    }
}

/// The origin of a web page: scheme, host, and the port unless it is the scheme's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// As browsers write it in the header `Origin`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the scheme: host, and port if there is one.
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, rest)| rest)
    }
}

impl FromStr for Origin {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Origin, Self::Err> {
        let lower = text.trim_end_matches('/').to_ascii_lowercase();
        match lower.split_once("://") {
            Some(("http" | "https", rest))
                if !rest.is_empty() && !rest.contains(['/', '?', '#', '@', ' ', '*']) =>
            {
                Ok(Origin(lower))
            }
            _ => Err("an origin is written like https://midge.example.org or http://10.0.0.5:8080"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Options, clap::Error> {
        Options::try_parse_from(["midge"].iter().chain(arguments))
    }

    #[test]
    fn without_options_only_the_page_port_is_open() {
        let options = parsed(&[]).unwrap();
        assert_eq!(options.port, 8080);
        assert_eq!(options.tcp, None);
        assert!(!options.lan && !options.demo && !options.open);
        assert!(options.users.is_empty());
    }

    #[test]
    fn tcp_without_a_value_means_1883() {
        assert_eq!(parsed(&["--tcp"]).unwrap().tcp, Some(1883));
        assert_eq!(parsed(&["--tcp", "1884"]).unwrap().tcp, Some(1884));
        let options = parsed(&["--tcp", "--demo"]).unwrap();
        assert_eq!((options.tcp, options.demo), (Some(1883), true));
    }

    #[test]
    fn a_packet_size_is_bytes_or_has_a_unit() {
        let size = |text: &str| parsed(&["--max-packet", text]).map(|options| options.packet);
        assert_eq!(parsed(&[]).unwrap().packet, 16 * 1024 * 1024);
        assert_eq!(size("65536").unwrap(), 65_536);
        assert_eq!(size("512k").unwrap(), 512 * 1024);
        assert_eq!(size("256M").unwrap(), 256 * 1024 * 1024);
        for wrong in [
            "",
            "M",
            "1K",
            "257M",
            "1MM",
            "1KM",
            "-1",
            "16 M",
            "99999999999999999999M",
        ] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_limits_that_help_tells_are_those_that_are_held() {
        let limits = midge_broker::Limits::default();
        let mib = |bytes: usize| format!("{} MiB", bytes / 1024 / 1024);
        for said in [
            format!("{} topic levels", limits.topic_levels),
            format!("{},000 subscriptions", limits.filters_per_client / 1_000),
            format!("{},000 retained", limits.retained / 1_000),
            mib(limits.retained_bytes),
            mib(limits.owed_to_one),
            mib(limits.owed_to_one_away),
            mib(limits.owed_to_all),
            format!("{},000 of them", limits.offline_sessions / 1_000),
            format!("{} s to CONNECT", limits.time_to_connect.as_secs()),
        ] {
            assert!(LIMITS.contains(&said), "{said}");
        }
    }

    #[test]
    fn a_folder_without_a_page_is_refused() {
        let folder = std::env::temp_dir().join(format!("midge-options-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let argument = folder.to_str().unwrap();
        let error = parsed(&["--page", argument]).unwrap_err().to_string();
        assert!(error.contains("no index.html"), "{error}");
        std::fs::write(folder.join("index.html"), "").unwrap();
        let page = parsed(&["--page", argument]).unwrap().page;
        assert_eq!(page.as_deref(), Some(&*folder));
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_password_may_contain_colons_and_a_name_may_not_be_empty() {
        let options = parsed(&["--user", "chen:a:b", "--user", "ana:"]).unwrap();
        assert_eq!(options.users[0].name, "chen");
        assert_eq!(options.users[0].password, "a:b");
        assert_eq!(options.users[1].password, "");
        assert!(parsed(&["--user", "chen"]).is_err());
        assert!(parsed(&["--user", ":tea"]).is_err());
    }

    #[test]
    fn users_of_the_environment_join_those_of_the_command_line() {
        let mut options = parsed(&["--user", "chen:tea"]).unwrap();
        options.add_users("ana:milk  bo:water\n").unwrap();
        let names: Vec<_> = options.users.iter().map(|user| &user.name[..]).collect();
        assert_eq!(names, ["chen", "ana", "bo"]);
        let error = options.add_users("secret").unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host_and_nothing_more() {
        let origin: Origin = "HTTPS://Midge.Example.org/".parse().unwrap();
        assert_eq!(origin.as_str(), "https://midge.example.org");
        assert_eq!(origin.authority(), "midge.example.org");
        for wrong in [
            "*",
            "midge.example.org",
            "https://",
            "https://a/b",
            "ws://a",
        ] {
            assert!(wrong.parse::<Origin>().is_err(), "{wrong}");
        }
    }
}
