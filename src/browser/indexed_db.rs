//! IndexedDB: records of sessions, each of which belongs to the page that read it last. It may be switched off or full, or
//! another page may have taken the session over; each such failure is an error with a message in English.
//!
//! One database with two object stores: `records` under `[session, key]`, and `owners` with the token of the page that a
//! session belongs to and when it was read. A change is one transaction that looks at the token first, so two tabs never
//! mix what they store.

mod transaction;

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
};

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore};

use transaction::{Transaction, answer, message_of};

const DATABASE: &str = "midge";
const OWNERS: &str = "owners";
const RECORDS: &str = "records";
const STORES: [&str; 2] = [OWNERS, RECORDS];
/// Bytes of the values of one session at the most.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Sessions at the most: those that were not read for the longest time are forgotten.
const MOST_SESSIONS: usize = 64;

/// One change of what is stored.
pub enum Write {
    /// Put this value under this key.
    Put {
        /// The key.
        key: u64,
        /// The value.
        value: Vec<u8>,
    },
    /// Remove this key.
    Remove {
        /// The key.
        key: u64,
    },
    /// Remove every key of the session.
    Clear,
}

/// The sizes of the values that are stored for the session that was read last.
#[derive(Default)]
struct Sizes {
    session: String,
    by_key: HashMap<u64, usize>,
    total: usize,
}

/// All sessions that are stored, as one page sees them.
pub struct Sessions {
    /// Unlike that of any other page.
    token: String,
    database: RefCell<Option<IdbDatabase>>,
    sizes: RefCell<Sizes>,
    most_bytes: Cell<usize>,
    /// The number of the reading whose answer somebody waits for.
    reading: Cell<Option<u64>>,
}

impl Sessions {
    /// For a page with this token. Nothing is opened yet.
    pub fn new(token: [u8; 32]) -> Self {
        Self {
            token: token.iter().map(|byte| format!("{byte:02x}")).collect(),
            database: RefCell::new(None),
            sizes: RefCell::default(),
            most_bytes: Cell::new(MOST_BYTES),
            reading: Cell::new(None),
        }
    }

    /// Stores no more than this for one session, instead of 64 MiB.
    pub fn set_limit(&self, bytes: usize) {
        self.most_bytes.set(bytes);
    }

    /// Reads every record of a session, in the order of the keys. It belongs to this page from now on: what a page before
    /// still wants to change fails. `number`: of this reading, never used twice. An earlier reading is given up.
    pub async fn load(&self, session: &str, number: u64) -> Result<Vec<(u64, Vec<u8>)>, String> {
        self.reading.set(Some(number));
        let transaction = self.transaction().await?;
        let (keys, values) = self.read(&transaction, session, number).await?;
        transaction.commit().await?;
        let found: Vec<(u64, Vec<u8>)> = keys
            .iter()
            .zip(values.iter())
            .filter_map(|(key, value)| {
                let value = value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
                // A value that is none of ours is handed on as one that cannot be read.
                Some((key_of(&key)?, value.unwrap_or_default()))
            })
            .collect();
        // A later reading may have begun while this one ended.
        if self.reading.get() == Some(number) {
            self.reading.set(None);
        }
        let by_key: HashMap<u64, usize> = found
            .iter()
            .map(|(key, value)| (*key, value.len()))
            .collect();
        let total = by_key.values().sum();
        self.sizes.replace(Sizes {
            session: session.to_owned(),
            by_key,
            total,
        });
        Ok(found)
    }

    /// Nobody waits for this reading any more: unless it is over, the session stays with the page that has it.
    pub fn give_up(&self, number: u64) {
        if self.reading.get() == Some(number) {
            self.reading.set(None);
        }
    }

    /// Keys and values. Taking the session over comes last, so that a reading that was given up meanwhile leaves it with
    /// the page that has it.
    async fn read(
        &self,
        transaction: &Transaction,
        session: &str,
        number: u64,
    ) -> Result<(Array, Array), String> {
        let records = transaction.store(RECORDS)?;
        let all = all_of(session)?;
        let (keys, values) = (
            records.get_all_keys_with_key(&all),
            records.get_all_with_key(&all),
        );
        let (keys, values) = (list(answer(keys).await?), list(answer(values).await?));
        if self.reading.get() != Some(number) {
            return Err("nobody waits for this session any more".to_owned());
        }
        let owners = transaction.store(OWNERS)?;
        let owner = Array::of2(&self.token.as_str().into(), &js_sys::Date::now().into());
        taken(owners.put_with_key(&owner, &session.into()))?;
        forget_unused(&owners, &records).await?;
        Ok((keys, values))
    }

    /// Changes a session that was read before: all of it or nothing.
    pub async fn store(&self, session: &str, writes: Vec<Write>) -> Result<(), String> {
        self.count(session, &writes)?;
        let transaction = self.transaction().await?;
        self.write(&transaction, session, writes).await?;
        transaction.commit().await
    }

    async fn write(
        &self,
        transaction: &Transaction,
        session: &str,
        writes: Vec<Write>,
    ) -> Result<(), String> {
        let owner = transaction.store(OWNERS)?.get(&session.into());
        let records = transaction.store(RECORDS)?;
        // Requests run in order, so all of them are undone if the answer about the owner is another.
        for write in writes {
            match write {
                Write::Put { key, value } => {
                    let value = Uint8Array::from(value.as_slice());
                    taken(records.put_with_key(&value, &place(session, key)))?;
                }
                Write::Remove { key } => {
                    taken(records.delete(&place(session, key)))?;
                }
                Write::Clear => {
                    taken(records.delete(&all_of(session)?))?;
                }
            }
        }
        let owner = answer(owner).await?.dyn_into::<Array>().ok();
        let token = owner.and_then(|owner| owner.get(0).as_string());
        if token.as_deref() != Some(&self.token) {
            return Err("another tab has taken over this session".to_owned());
        }
        Ok(())
    }

    /// Counts what will be stored, and refuses what is beyond the limit.
    fn count(&self, session: &str, writes: &[Write]) -> Result<(), String> {
        let mut sizes = self.sizes.borrow_mut();
        let Sizes {
            session: counted,
            by_key,
            total,
        } = &mut *sizes;
        // What is still stored for the session before the one that was read last is little.
        if counted != session {
            return Ok(());
        }
        for write in writes {
            match write {
                Write::Put { key, value } => {
                    *total -= by_key.insert(*key, value.len()).unwrap_or(0);
                    *total += value.len();
                }
                Write::Remove { key } => *total -= by_key.remove(key).unwrap_or(0),
                Write::Clear => {
                    by_key.clear();
                    *total = 0;
                }
            }
        }
        let most = self.most_bytes.get();
        if *total > most {
            return Err(format!(
                "this session would take more than {most} bytes of the browser's storage"
            ));
        }
        Ok(())
    }

    async fn transaction(&self) -> Result<Transaction, String> {
        let open = self.database.borrow().clone();
        if let Some(database) = open {
            // A database that the browser has closed meanwhile (site data was cleared) is opened again.
            if let Ok(transaction) = Transaction::begin(&database, &STORES) {
                return Ok(transaction);
            }
        }
        let database = transaction::open(DATABASE, &STORES).await?;
        let transaction =
            Transaction::begin(&database, &STORES).map_err(|error| message_of(&error));
        self.database.replace(Some(database));
        transaction
    }
}

/// Forgets sessions beyond the most that are kept.
async fn forget_unused(owners: &IdbObjectStore, records: &IdbObjectStore) -> Result<(), String> {
    let (names, all) = (owners.get_all_keys(), owners.get_all());
    let (names, all) = (list(answer(names).await?), list(answer(all).await?));
    let when = |owner: JsValue| {
        let owner = owner.dyn_ref::<Array>();
        owner.and_then(|owner| owner.get(1).as_f64()).unwrap_or(0.0)
    };
    let mut sessions: Vec<(f64, JsValue)> = all.iter().map(when).zip(names.iter()).collect();
    sessions.sort_unstable_by(|one, other| other.0.total_cmp(&one.0));
    for (_, name) in sessions.into_iter().skip(MOST_SESSIONS) {
        taken(owners.delete(&name))?;
        let session = name.as_string().unwrap_or_default();
        taken(records.delete(&all_of(&session)?))?;
    }
    Ok(())
}

/// A request whose answer nobody waits for: should it fail, so does its transaction.
fn taken<T>(request: Result<T, JsValue>) -> Result<(), String> {
    request.map(drop).map_err(|error| message_of(&error))
}

/// All keys or all values.
fn list(answer: JsValue) -> Array {
    answer.dyn_into().unwrap_or_default()
}

/// The key of a record. Numbers of JavaScript hold no 64 bits, so the number is written out; texts of one length are
/// ordered like numbers.
fn place(session: &str, key: u64) -> JsValue {
    Array::of2(&session.into(), &format!("{key:016x}").into()).into()
}

fn key_of(place: &JsValue) -> Option<u64> {
    let key = place.dyn_ref::<Array>()?.get(1).as_string()?;
    u64::from_str_radix(&key, 16).ok()
}

/// Every record of a session: an array is greater than any text.
fn all_of(session: &str) -> Result<JsValue, String> {
    let least = Array::of1(&session.into());
    let most = Array::of2(&session.into(), &Array::new());
    let all = IdbKeyRange::bound(&least, &most).map_err(|error| message_of(&error))?;
    Ok(all.into())
}
