//! `midge passwd FILE NAME`: a user for a password file, for those who have no mosquitto_passwd.

use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use midge_broker::Secret;
use rustls::crypto::ring;

use crate::password_file::{check_name, read, with};

/// Rounds of PBKDF2. Each CONNECT takes so many: some milliseconds.
const ROUNDS: u32 = 10_000;

/// What mosquitto takes.
const SALT: usize = 12;

/// Asks for the password, and puts the user into the file. The password is never an argument, which others of this machine
/// could read.
///
/// # Errors
/// In words for the terminal.
pub fn run(file: &Path, name: &str) -> Result<(), String> {
    check_name(name).map_err(str::to_owned)?;
    let of_file = |error: io::Error| format!("{}: {error}", file.display());
    let before = match fs::read_to_string(file) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(of_file(error)),
    };
    let text = before.as_deref().unwrap_or_default();
    read(text).map_err(|(line, words)| format!("{}, line {line}: {words}", file.display()))?;
    let password = ask(name).map_err(|error| format!("no password could be read: {error}"))?;
    if password.is_empty() {
        return Err("the password is empty".to_owned());
    }
    let mut salt = [0; SALT];
    let chance = ring::default_provider().secure_random;
    chance
        .fill(&mut salt)
        .map_err(|_| "the system has no random numbers".to_owned())?;
    let secret = Secret::new(password.as_bytes(), &salt, ROUNDS);
    replace(file, before.is_some(), &with(text, name, &secret)).map_err(of_file)
}

/// Twice at a terminal, which does not show it; otherwise the first line of what comes in.
fn ask(name: &str) -> io::Result<String> {
    if io::stdin().is_terminal() {
        let one = rpassword::prompt_password(format!("Password of {name}: "))?;
        let two = rpassword::prompt_password("Once more: ")?;
        return match one == two {
            true => Ok(one),
            false => Err(io::Error::other("the two are not the same")),
        };
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// As a whole or not at all. Its owner and its mode stay; a new one is closed to others.
fn replace(file: &Path, is_there: bool, text: &str) -> io::Result<()> {
    // A link is followed, not replaced.
    let file = if is_there {
        fs::canonicalize(file)?
    } else {
        file.to_owned()
    };
    let mut beside = file.clone().into_os_string();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = Path::new(&beside);
    let written = write(beside, text)
        .and_then(|()| match is_there {
            true => like(&file, beside),
            false => Ok(()),
        })
        .and_then(|()| fs::rename(beside, &file));
    if written.is_err() {
        // What is left of it has nothing that the other has not.
        let _ = fs::remove_file(beside);
    }
    written
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Gives a new file the owner and the mode of the old one.
fn like(old: &Path, new: &Path) -> io::Result<()> {
    let about = fs::metadata(old)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, chown};
        let own = fs::metadata(new)?;
        if (own.uid(), own.gid()) != (about.uid(), about.gid()) {
            chown(new, Some(about.uid()), Some(about.gid()))?;
        }
    }
    fs::set_permissions(new, about.permissions())
}
