//! The files of the built page, inside the program or in a folder, as tower-http asks for them. Knows no HTTP.

use std::borrow::Cow;
use std::io::{self, Cursor, ErrorKind, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rust_embed::{EmbeddedFile, RustEmbed};
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;
use tower_http::services::fs::{Backend, File, Metadata};

#[derive(RustEmbed)]
#[folder = "../dist"]
// The host can be built and tested before the page was.
#[allow_missing = true]
struct Dist;

/// Where the files of the page are.
#[derive(Debug, Clone)]
pub enum Page {
    /// In this program, which finds them by their names.
    Inside(fn(&str) -> Option<EmbeddedFile>),
    /// In this folder, read at each request.
    Folder(PathBuf),
}

impl Page {
    /// The one that this program was built with, if any.
    pub fn built_in() -> Page {
        Page::Inside(Dist::get)
    }
}

/// How long it may take to find and open a file. A folder may lie on a drive that is gone.
const OPENING: Duration = Duration::from_secs(20);

/// How many files are opened at once: a drive that is gone must not take all of the program's threads.
static OPENERS: Semaphore = Semaphore::const_new(32);

/// What is known of a file without reading it.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    is_folder: bool,
    modified: Option<SystemTime>,
    size: u64,
}

impl Facts {
    /// The folder of all files, which stands for its start. No other one is served.
    const TOP: Facts = Facts {
        is_folder: true,
        modified: None,
        size: 0,
    };

    fn of(file: &EmbeddedFile) -> Facts {
        let since = file.metadata.last_modified();
        let [a, b, c, d, ..] = file.metadata.sha256_hash();
        // tower-http makes a file's tag of its size and this time. The part below a second, which the page's files have
        // no use for, is one of what they hold: so that builds that are all dated alike do not look the same.
        let part = u32::from_be_bytes([a, b, c, d]) % 1_000_000_000;
        Facts {
            is_folder: false,
            modified: Some(UNIX_EPOCH + Duration::new(since.unwrap_or(0), part)),
            size: file.data.len() as u64,
        }
    }
}

impl Metadata for Facts {
    fn is_dir(&self) -> bool {
        self.is_folder
    }

    fn modified(&self) -> io::Result<SystemTime> {
        self.modified.ok_or(ErrorKind::Unsupported.into())
    }

    fn len(&self) -> u64 {
        self.size
    }
}

/// An open file.
pub struct Opened {
    facts: Facts,
    bytes: Bytes,
}

enum Bytes {
    Inside(Cursor<Cow<'static, [u8]>>),
    Folder(tokio::fs::File),
}

impl File for Opened {
    type Metadata = Facts;
    type MetadataFuture<'a> = std::future::Ready<io::Result<Facts>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        std::future::ready(Ok(self.facts))
    }
}

impl AsyncRead for Opened {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        room: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.get_mut().bytes {
            Bytes::Inside(bytes) => Pin::new(bytes).poll_read(context, room),
            Bytes::Folder(file) => Pin::new(file).poll_read(context, room),
        }
    }
}

impl AsyncSeek for Opened {
    fn start_seek(self: Pin<&mut Self>, to: SeekFrom) -> io::Result<()> {
        match &mut self.get_mut().bytes {
            Bytes::Inside(bytes) => Pin::new(bytes).start_seek(to),
            Bytes::Folder(file) => Pin::new(file).start_seek(to),
        }
    }

    fn poll_complete(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<u64>> {
        match &mut self.get_mut().bytes {
            Bytes::Inside(bytes) => Pin::new(bytes).poll_complete(context),
            Bytes::Folder(file) => Pin::new(file).poll_complete(context),
        }
    }
}

type Answer<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

impl Backend for Page {
    type File = Opened;
    type Metadata = Facts;
    type OpenFuture = Answer<Opened>;
    type MetadataFuture = Answer<Facts>;

    fn open(&self, path: PathBuf) -> Answer<Opened> {
        let page = self.clone();
        Box::pin(async move {
            match page {
                Page::Inside(find) => open_inside(find, &path),
                Page::Folder(folder) => {
                    in_time(move || {
                        let path = folder.join(path);
                        let facts = facts_of(&path)?;
                        let file = std::fs::File::open(path)?;
                        let bytes = Bytes::Folder(tokio::fs::File::from_std(file));
                        Ok(Opened { facts, bytes })
                    })
                    .await
                }
            }
        })
    }

    fn metadata(&self, path: PathBuf) -> Answer<Facts> {
        let page = self.clone();
        Box::pin(async move {
            match page {
                _ if path == Path::new(".") => Ok(Facts::TOP),
                Page::Inside(find) => open_inside(find, &path).map(|file| file.facts),
                Page::Folder(folder) => in_time(move || facts_of(&folder.join(path))).await,
            }
        })
    }
}

fn open_inside(find: fn(&str) -> Option<EmbeddedFile>, path: &Path) -> io::Result<Opened> {
    let file = path
        .strip_prefix(".")
        .ok()
        .and_then(Path::to_str)
        .and_then(|name| find(&name.replace('\\', "/")))
        .ok_or(ErrorKind::NotFound)?;
    Ok(Opened {
        facts: Facts::of(&file),
        bytes: Bytes::Inside(Cursor::new(file.data)),
    })
}

/// Opening a pipe waits for somebody who writes, and a device has no end: neither is a file.
fn facts_of(path: &Path) -> io::Result<Facts> {
    let found = std::fs::metadata(path)?;
    if !found.is_file() {
        return Err(ErrorKind::NotFound.into());
    }
    Ok(Facts {
        is_folder: false,
        modified: found.modified().ok(),
        size: found.len(),
    })
}

/// Asks the system, where it keeps nobody waiting.
async fn in_time<T: Send + 'static>(
    ask: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let asked = async {
        let turn = OPENERS.acquire().await.map_err(io::Error::other)?;
        let asked = spawn_blocking(move || {
            let answer = ask();
            // Not earlier, whoever waited for it.
            drop(turn);
            answer
        });
        asked.await.map_err(io::Error::other)?
    };
    timeout(OPENING, asked)
        .await
        .map_err(|_| ErrorKind::NotFound)?
}
