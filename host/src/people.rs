//! Who may come in, and who may read and write what: users of the command line, and mosquitto's own files, which are read again
//! when they change.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use midge_broker::{People, Rules, Secret, User, Who};
use tokio::time::sleep;

use crate::complaints::Complaints;
use crate::options::Options;
use crate::stop::Stopping;
use crate::{acl_file, password_file};

/// How often it is looked whether the files have changed.
const LOOKING: Duration = Duration::from_secs(2);

/// Where it is written who may come in.
pub struct Sources {
    users: Vec<User>,
    password_file: Option<PathBuf>,
    acl_file: Option<PathBuf>,
    /// Of both files, before they were read.
    seen: [Mark; 2],
}

/// A file of users or rules that cannot be used. For the person at the terminal.
#[derive(Debug)]
pub struct Unreadable {
    file: PathBuf,
    line: Option<usize>,
    cause: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match self.line {
            Some(line) => write!(f, "{file}, line {line}: {}", self.cause),
            None => write!(f, "{file} cannot be read: {}", self.cause),
        }
    }
}

/// What tells that a file has changed: when, and how long it is.
type Mark = Option<(SystemTime, u64)>;

impl Sources {
    /// Those that the command line names.
    pub fn of(options: &Options) -> Sources {
        let users = options.users.iter().map(|user| User {
            name: user.name.clone(),
            secret: Secret::Plain(user.password.clone()),
        });
        Sources {
            users: users.collect(),
            password_file: options.password_file.clone(),
            acl_file: options.acl_file.clone(),
            seen: marks(
                options.password_file.as_deref(),
                options.acl_file.as_deref(),
            ),
        }
    }

    /// What they say now.
    ///
    /// # Errors
    /// With the line where a file cannot be meant.
    pub fn read(&self) -> Result<Who, Unreadable> {
        Ok(Who {
            is_open: self.users.is_empty() && self.password_file.is_none(),
            users: self.users()?,
            rules: self.rules()?,
        })
    }

    fn users(&self) -> Result<Vec<User>, Unreadable> {
        let mut users = self.users.clone();
        if let Some(file) = &self.password_file {
            users.extend(parsed(file, password_file::read)?);
        }
        Ok(users)
    }

    fn rules(&self) -> Result<Option<Rules>, Unreadable> {
        let file = self.acl_file.as_deref();
        file.map(|file| parsed(file, acl_file::read)).transpose()
    }

    /// Tells the broker whenever the files have changed, until the stop is ordered. What cannot be used is told, and what that
    /// file said before stays. `who`: what was said at the start.
    pub async fn keep_fresh(
        self,
        people: People,
        mut who: Who,
        complaints: Arc<Complaints>,
        mut stopping: Stopping,
    ) {
        if self.password_file.is_none() && self.acl_file.is_none() {
            return;
        }
        let [mut of_users, mut of_rules] = self.seen;
        loop {
            tokio::select! {
                () = sleep(LOOKING) => {}
                () = stopping.ordered() => return,
            }
            let [users, rules] = marks(self.password_file.as_deref(), self.acl_file.as_deref());
            if (users, rules) == (of_users, of_rules) {
                continue;
            }
            let complain = |fault: Unreadable| {
                complaints.of_the_owner(&format!("{fault}. What was there before stays."));
            };
            if users != of_users {
                match self.users() {
                    Ok(users) => who.users = users,
                    Err(fault) => complain(fault),
                }
            }
            if rules != of_rules {
                match self.rules() {
                    Ok(rules) => who.rules = rules,
                    Err(fault) => complain(fault),
                }
            }
            (of_users, of_rules) = (users, rules);
            people.change(who.clone());
        }
    }
}

fn marks(password_file: Option<&Path>, acl_file: Option<&Path>) -> [Mark; 2] {
    let mark = |file: Option<&Path>| {
        let about = fs::metadata(file?).ok()?;
        Some((about.modified().ok()?, about.len()))
    };
    [mark(password_file), mark(acl_file)]
}

fn parsed<T>(
    file: &Path,
    parse: impl FnOnce(&str) -> Result<T, password_file::Fault>,
) -> Result<T, Unreadable> {
    let unreadable = |line, cause: String| Unreadable {
        file: file.to_owned(),
        line,
        cause,
    };
    let text = fs::read_to_string(file).map_err(|error| unreadable(None, error.to_string()))?;
    parse(&text).map_err(|(line, words)| unreadable(Some(line), words.to_owned()))
}
