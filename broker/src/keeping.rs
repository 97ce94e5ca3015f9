//! Storage: one file of redb, on a thread of its own, as the system may take its time over what shall be safe.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use midge_broker_core::Change;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::spawn_blocking;

use crate::BrokerError;
use crate::notice::{Ear, Notice};

const FILE: &str = "midge.redb";

const RECORDS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("records");

/// After storage could not be written, before the next try.
const RECOVERY: Duration = Duration::from_secs(1);

/// Changes that are to be safe together.
struct Batch {
    number: u64,
    changes: Vec<Change>,
}

/// Keys and values, in the order of the keys.
pub type Records = Vec<(Vec<u8>, Vec<u8>)>;

/// Gives the thread what it is to keep, and hears when it has.
pub struct Keeper {
    batches: mpsc::Sender<Batch>,
    kept: UnboundedReceiver<u64>,
}

impl Keeper {
    /// Opens the file in this folder, which is made if there is none, and reads all that it holds.
    pub async fn open(folder: &Path, ear: Ear) -> Result<(Keeper, Records), BrokerError> {
        let folder = folder.to_owned();
        let own = folder.clone();
        let opened = spawn_blocking(move || open(&own)).await;
        let failed = |cause: String| BrokerError::Data {
            folder: folder.clone(),
            cause,
        };
        // Over some damages of its file redb panics.
        let (database, records) = opened
            .map_err(|_| failed(damaged("its parts do not fit")))?
            .map_err(|cause| failed(words(cause)))?;
        let (batches, batches_coming) = mpsc::channel();
        let (telling, kept) = unbounded_channel();
        let keeping = thread::Builder::new().name("midge-data".to_owned());
        let path = folder.join(FILE);
        keeping
            .spawn(move || {
                // Said to be over by being dropped, behind the file.
                let telling = telling;
                let mut database = Some(database);
                let write = |changes: &[Change]| write(&mut database, &path, changes);
                keep(write, &batches_coming, &telling, &ear);
            })
            .map_err(|cause| failed(cause.to_string()))?;
        Ok((Keeper { batches, kept }, records))
    }

    /// These changes are to be safe.
    pub fn keep(&self, number: u64, changes: Vec<Change>) {
        // An error is a thread that is gone: then nothing is ever said to be safe.
        let _ = self.batches.send(Batch { number, changes });
    }

    /// Closes the file, so that it needs no repair.
    pub async fn close(self) {
        let Keeper { batches, mut kept } = self;
        drop(batches);
        // The thread ends when it has closed it.
        while kept.recv().await.is_some() {}
    }

    /// The number of the next batch that is safe.
    pub async fn kept(&mut self) -> u64 {
        match self.kept.recv().await {
            Some(number) => number,
            None => std::future::pending().await,
        }
    }
}

fn open(folder: &Path) -> Result<(Database, Records), redb::Error> {
    make(folder)?;
    let database = Database::create(folder.join(FILE))?;
    let writing = database.begin_write()?;
    // So that there is one to be read.
    writing.open_table(RECORDS)?;
    writing.commit()?;
    let mut records = Vec::new();
    for record in database.begin_read()?.open_table(RECORDS)?.iter()? {
        let (key, value) = record?;
        records.push((key.value().to_vec(), value.value().to_vec()));
    }
    Ok((database, records))
}

/// Others' messages are nobody's business.
#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    let mut making = std::fs::DirBuilder::new();
    making.recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    std::fs::create_dir_all(folder)
}

fn words(error: redb::Error) -> String {
    use io::ErrorKind::{InvalidData, UnexpectedEof};
    match error {
        redb::Error::DatabaseAlreadyOpen => "another midge is using it".to_owned(),
        redb::Error::Corrupted(cause) => damaged(&cause),
        redb::Error::Io(cause) if matches!(cause.kind(), InvalidData | UnexpectedEof) => {
            damaged(&cause.to_string())
        }
        error => error.to_string(),
    }
}

fn damaged(cause: &str) -> String {
    format!(
        "its file {FILE} is damaged, or no file of midge's ({cause}). Move it away to begin anew, or put a copy in its place"
    )
}

/// What the thread does, until nobody is left who could give it anything. `write` says whether changes are safe.
fn keep(
    mut write: impl FnMut(&[Change]) -> bool,
    batches: &mpsc::Receiver<Batch>,
    telling: &UnboundedSender<u64>,
    ear: &Ear,
) {
    while let Ok(Batch { number, changes }) = batches.recv() {
        // Nothing that hangs on it leaves before it is safe, however long that takes: a full disk can be emptied. A thread
        // that ended, as over a file that was damaged meanwhile, would let clients wait without a word to anybody.
        let mut is_safe = || catch_unwind(AssertUnwindSafe(|| write(&changes))).unwrap_or(false);
        while !is_safe() {
            ear.tell(Notice::CannotKeep);
            thread::sleep(RECOVERY);
        }
        if telling.send(number).is_err() {
            return;
        }
    }
}

/// Whether the changes are safe now. After an error the file is opened anew, as redb takes no more through the old one.
fn write(database: &mut Option<Database>, path: &PathBuf, changes: &[Change]) -> bool {
    let open = match database.take() {
        Some(open) => Ok(open),
        None => Database::create(path).map_err(redb::Error::from),
    };
    let written = open.and_then(|open| {
        let writing = open.begin_write()?;
        {
            let mut records = writing.open_table(RECORDS)?;
            for change in changes {
                match change {
                    Change::Put { key, value } => records.insert(&key[..], &value[..])?,
                    Change::Remove { key } => records.remove(&key[..])?,
                };
            }
        }
        writing.commit()?;
        Ok(open)
    });
    match written {
        Ok(open) => {
            *database = Some(open);
            true
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests;
