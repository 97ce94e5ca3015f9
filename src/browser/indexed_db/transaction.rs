//! Requests and transactions of IndexedDB as futures. A transaction takes effect as a whole or not at all: whoever lets go
//! of it before it is committed, for whatever reason, has aborted it. The browser would by itself commit the requests that
//! were made before one that it refused. Knows no object store and no key.

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Event, IdbDatabase, IdbFactory, IdbObjectStore, IdbRequest, IdbRequestReadyState,
    IdbTransaction,
};

/// What an error of the browser says, with its name.
pub fn message_of(error: &JsValue) -> String {
    error
        .dyn_ref::<Object>()
        .map_or_else(String::new, |error| String::from(error.to_string()))
}

/// Opens this database. One that is new gets these object stores.
pub async fn open(name: &str, stores: &'static [&'static str]) -> Result<IdbDatabase, String> {
    let factory = Reflect::get(&js_sys::global(), &"indexedDB".into())
        .and_then(|factory| factory.dyn_into::<IdbFactory>())
        .map_err(|_| "this browser has no IndexedDB here".to_owned())?;
    let request = factory
        .open_with_u32(name, 1)
        .map_err(|error| message_of(&error))?;
    let created = {
        let request = request.clone();
        Closure::<dyn FnMut(Event)>::new(move |_: Event| {
            let Ok(database) = request.result().and_then(JsValue::dyn_into::<IdbDatabase>) else {
                return;
            };
            for name in stores {
                // Without its stores the next transaction fails, and says so.
                let _ = database.create_object_store(name);
            }
        })
    };
    request.set_onupgradeneeded(Some(created.as_ref().unchecked_ref()));
    let database = answer(Ok(request.unchecked_into())).await?;
    Ok(database.unchecked_into())
}

/// What the browser answers to a request, if it takes it at all.
pub async fn answer(request: Result<IdbRequest, JsValue>) -> Result<JsValue, String> {
    let request = request.map_err(|error| message_of(&error))?;
    if request.ready_state() == IdbRequestReadyState::Pending {
        let answered = Promise::new(&mut |answered, failed| {
            request.set_onsuccess(Some(&answered));
            request.set_onerror(Some(&failed));
        });
        // Which of them it was, the request itself says.
        let _ = JsFuture::from(answered).await;
    }
    match (request.result(), request.error().ok().flatten()) {
        (Ok(result), None) => Ok(result),
        (_, Some(error)) => Err(message_of(&error)),
        (Err(error), None) => Err(message_of(&error)),
    }
}

/// A transaction that reads and writes.
pub struct Transaction {
    inner: IdbTransaction,
    end: JsFuture,
    committed: bool,
}

impl Transaction {
    /// Begins one that is done when the operating system has it, not when the disk has: what is to be survived is the end of
    /// the page. `web-sys` has this option only where it is built with `web_sys_unstable_apis`.
    pub fn begin(database: &IdbDatabase, stores: &[&str]) -> Result<Self, JsValue> {
        let begin: Function = Reflect::get(database, &"transaction".into())?.dyn_into()?;
        let stores: Array = stores.iter().map(|name| JsValue::from(*name)).collect();
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"relaxed".into())?;
        let inner: IdbTransaction = begin
            .call3(database, &stores, &"readwrite".into(), &options)?
            .dyn_into()?;
        let end = Promise::new(&mut |committed, aborted| {
            inner.set_oncomplete(Some(&committed));
            inner.set_onabort(Some(&aborted));
        });
        Ok(Self {
            inner,
            end: end.into(),
            committed: false,
        })
    }

    /// One of its object stores.
    pub fn store(&self, name: &str) -> Result<IdbObjectStore, String> {
        self.inner
            .object_store(name)
            .map_err(|error| message_of(&error))
    }

    /// Waits until everything that was asked for is done. An error says why nothing of it is.
    pub async fn commit(mut self) -> Result<(), String> {
        // It commits by itself, as nothing more is asked for.
        self.committed = true;
        match (&mut self.end).await {
            Ok(_) => Ok(()),
            // The reason for the end (a full disk, say) is the transaction's; the event's target may be a request.
            Err(_) => Err(self.inner.error().map_or_else(
                || "the browser ended the transaction".to_owned(),
                |reason| message_of(&reason),
            )),
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.committed {
            // One that the browser has aborted already cannot be aborted again.
            let _ = self.inner.abort();
        }
    }
}
