//! What is typed on the connect screen. Its signals live as long as the page, so no error, reconnect or other section
//! ever loses them.

use leptos::prelude::*;

use crate::{
    browser::{location, random, storage},
    link::{
        Command, ConnectProperties, ConnectRequest, MessageProperties, Version, Wanted, WillRequest,
    },
    profile::{
        address::{self, Address, AddressFault, Page},
        names::{TopicFault, check_topic_name},
        saved::{Saved, SavedConnection, SavedWill},
        share_link::ShareLink,
    },
    ui::store::Store,
};

/// Where a page without a host and without a memory starts.
const USUAL_ADDRESS: &str = "ws://localhost:9001";

/// Strings and binary data in MQTT have a length of two bytes (MQTT 3.1.1 section 1.5.3).
const LONGEST: usize = 65_535;

const STORED: &str = "midge.profiles";

/// What is wrong with the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormFault {
    /// The address.
    Address(AddressFault),
    /// No client identifier, and no clean session.
    ClientIdNeeded,
    /// A password without a user name ([MQTT-3.1.2-22]).
    UserNameNeeded,
    /// Keep alive is no whole number from 0 to 65,535.
    KeepAlive,
    /// The will's topic name.
    WillTopic(TopicFault),
    /// A field is longer than MQTT has room for.
    TooLong,
}

/// The form. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Form {
    pub address: RwSignal<String>,
    /// The address is Midge's guess; it may still be replaced by a better one.
    guessed: RwSignal<bool>,
    /// Whether there is a host is known.
    settled: RwSignal<bool>,
    /// Connect was pressed before that.
    eager: RwSignal<bool>,
    /// The address field was left, or Connect pressed, since its last change: say everything that is wrong with it.
    pub finished: RwSignal<bool>,
    /// Connect was pressed since the last change.
    pub tried: RwSignal<bool>,
    pub client_id: RwSignal<String>,
    /// The client identifier is Midge's own.
    made_up: RwSignal<bool>,
    pub user_name: RwSignal<String>,
    pub password: RwSignal<String>,
    pub keep_alive: RwSignal<String>,
    pub clean_session: RwSignal<bool>,
    pub will_topic: RwSignal<String>,
    pub will_payload: RwSignal<String>,
    pub will_qos: RwSignal<u8>,
    pub will_retain: RwSignal<bool>,
    /// What a link asks for, until the connection that it is meant for is made.
    pub link_filters: RwSignal<Vec<Wanted>>,
    /// What is in the browser's storage.
    pub saved: RwSignal<Saved>,
}

fn made_up_id() -> String {
    format!("midge-{:08x}", random::bits())
}

/// Reads an address for this page.
pub fn examine(address: &str) -> Result<Address, AddressFault> {
    let (scheme, host) = (location::scheme(), location::host());
    address::examine(
        address,
        Page {
            scheme: &scheme,
            host: &host,
        },
    )
}

impl Form {
    /// The form as a page starts with it.
    pub fn start() -> Self {
        let saved = storage::read(STORED)
            .map(|stored| Saved::read(&stored))
            .unwrap_or_default();
        let form = Self {
            address: RwSignal::default(),
            guessed: RwSignal::new(true),
            settled: RwSignal::new(false),
            eager: RwSignal::new(false),
            finished: RwSignal::new(false),
            tried: RwSignal::new(false),
            client_id: RwSignal::new(made_up_id()),
            made_up: RwSignal::new(true),
            user_name: RwSignal::default(),
            password: RwSignal::default(),
            keep_alive: RwSignal::new("60".to_owned()),
            clean_session: RwSignal::new(true),
            will_topic: RwSignal::default(),
            will_payload: RwSignal::default(),
            will_qos: RwSignal::new(0),
            will_retain: RwSignal::new(false),
            link_filters: RwSignal::default(),
            saved: RwSignal::new(saved),
        };
        // Most pages come from their own host, whose broker is at this address. Until that is known it is the guess.
        match host_address("/mqtt") {
            Some(guess) => form.guess(guess),
            None => {
                form.settle(None);
            }
        }
        form
    }

    /// Fills in an address of Midge's own choice, with what was used there last.
    fn guess(&self, address: String) {
        let last = self.saved.with_untracked(|saved| saved.last.clone());
        let untouched = self.user_name.with_untracked(String::is_empty)
            && self.password.with_untracked(String::is_empty);
        match last.filter(|last| untouched && last.address == address) {
            Some(last) => self.fill(&last),
            None => self.address.set(address),
        }
    }

    /// It is known now whether there is a host: the address of its broker. Returns whether to connect.
    pub fn settle(&self, host: Option<String>) -> bool {
        self.settled.set(true);
        if self.guessed.get_untracked() {
            let last = self
                .saved
                .with_untracked(|saved| saved.last.as_ref().map(|last| last.address.clone()));
            self.guess(host.or(last).unwrap_or_else(|| USUAL_ADDRESS.to_owned()));
        }
        self.eager.get_untracked()
    }

    /// The user changed the address.
    pub fn type_address(&self, address: String) {
        self.address.set(address);
        self.guessed.set(false);
        self.eager.set(false);
        self.finished.set(false);
        self.tried.set(false);
    }

    /// The user took an address that was offered.
    pub fn take_address(&self, address: String) {
        self.type_address(address);
        self.finished.set(true);
    }

    /// Fills in this machine's broker. What was typed for another broker is not for this one.
    pub fn take_own(&self, address: String) {
        if self.address.get_untracked() != address {
            self.user_name.set(String::new());
            self.password.set(String::new());
            self.will_topic.set(String::new());
            self.will_payload.set(String::new());
        }
        self.take_address(address);
    }

    /// The user changed the client identifier.
    pub fn type_client_id(&self, id: String) {
        self.client_id.set(id);
        self.made_up.set(false);
    }

    /// Makes up another client identifier.
    pub fn new_client_id(&self) {
        self.client_id.set(made_up_id());
        self.made_up.set(true);
    }

    /// Fills in a saved connection. The password stays only where it belongs: at the same address.
    pub fn fill(&self, saved: &SavedConnection) {
        if self
            .address
            .with_untracked(|address| *address != saved.address)
        {
            self.password.set(String::new());
        }
        self.address.set(saved.address.clone());
        match &saved.client_id {
            Some(id) => self.type_client_id(id.clone()),
            None if !self.made_up.get_untracked() => self.new_client_id(),
            None => {}
        }
        self.user_name
            .set(saved.user_name.clone().unwrap_or_default());
        self.keep_alive.set(saved.keep_alive.to_string());
        self.clean_session.set(saved.clean_session);
        let will = saved.will.as_ref();
        self.will_topic
            .set(will.map(|will| will.topic.clone()).unwrap_or_default());
        self.will_payload
            .set(will.map(|will| will.payload.clone()).unwrap_or_default());
        self.will_qos.set(will.map_or(0, |will| will.qos));
        self.will_retain.set(will.is_some_and(|will| will.retain));
    }

    /// The user chose a saved connection.
    pub fn choose(&self, saved: &SavedConnection) {
        self.fill(saved);
        self.guessed.set(false);
        self.eager.set(false);
        self.tried.set(false);
        self.finished.set(true);
    }

    /// Fills in what a link says. Nothing that was typed for one broker goes to another.
    pub fn take_link(&self, link: &ShareLink) {
        if let Some(address) = &link.address {
            if self.address.with_untracked(|now| now != address) {
                self.password.set(String::new());
                self.user_name.set(String::new());
                self.will_topic.set(String::new());
                self.will_payload.set(String::new());
            }
            self.take_address(address.clone());
        }
        if let Some(user_name) = &link.user_name {
            self.user_name.set(user_name.clone());
        }
        if let Some(id) = &link.client_id {
            self.type_client_id(id.clone());
        }
        if let Some(keep_alive) = link.keep_alive {
            self.keep_alive.set(keep_alive.to_string());
        }
        if let Some(clean) = link.clean_session {
            self.clean_session.set(clean);
        }
    }

    /// What is wrong, if anything. Tracks the fields.
    pub fn fault(&self) -> Option<FormFault> {
        if let Err(fault) = self.examined() {
            return Some(FormFault::Address(fault));
        }
        let long = |field: RwSignal<String>| field.with(String::len) > LONGEST;
        if [
            self.client_id,
            self.user_name,
            self.password,
            self.will_payload,
        ]
        .into_iter()
        .any(long)
        {
            return Some(FormFault::TooLong);
        }
        if self.client_id.with(String::is_empty) && !self.clean_session.get() {
            return Some(FormFault::ClientIdNeeded);
        }
        if self.user_name.with(String::is_empty) && !self.password.with(String::is_empty) {
            return Some(FormFault::UserNameNeeded);
        }
        if self.keep_alive_seconds().is_none() {
            return Some(FormFault::KeepAlive);
        }
        self.will_topic.with(|topic| {
            (!topic.is_empty())
                .then(|| check_topic_name(topic).err().map(FormFault::WillTopic))
                .flatten()
        })
    }

    /// The address, read by Midge and then by the browser. Tracks the field.
    pub fn examined(&self) -> Result<Address, AddressFault> {
        self.address.with(|typed| {
            let examined = examine(typed)?;
            match location::absolute(typed.trim()) {
                Some(_) => Ok(examined),
                None => Err(AddressFault::BadHost),
            }
        })
    }

    fn keep_alive_seconds(&self) -> Option<u16> {
        self.keep_alive.with(|typed| typed.trim().parse().ok())
    }

    fn request(&self) -> Option<ConnectRequest> {
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Some(ConnectRequest {
            addresses: vec![self.address.get_untracked().trim().to_owned()],
            version: Version::V5,
            newest: true,
            old_subprotocol: false,
            client_id: self.client_id.get_untracked(),
            client_id_made_up: self.made_up.get_untracked(),
            user_name: some(self.user_name.get_untracked()),
            password: some(self.password.get_untracked()).map(String::into_bytes),
            keep_alive: untrack(|| self.keep_alive_seconds())?,
            clean_session: self.clean_session.get_untracked(),
            will: some(self.will_topic.get_untracked()).map(|topic| WillRequest {
                topic,
                payload: self.will_payload.get_untracked().into_bytes(),
                qos: self.will_qos.get_untracked(),
                retain: self.will_retain.get_untracked(),
                delay: None,
                properties: MessageProperties::default(),
            }),
            scram: false,
            properties: ConnectProperties::default(),
        })
    }

    /// Connects, or says what is in the way.
    pub fn connect(&self, store: Store) {
        if !self.settled.get_untracked() && self.guessed.get_untracked() {
            self.eager.set(true);
            return;
        }
        self.tried.set(true);
        self.finished.set(true);
        if untrack(|| self.fault()).is_some() {
            return;
        }
        if let Some(request) = self.request() {
            self.tried.set(false);
            self.guessed.set(false);
            let last = self.to_save(String::new());
            self.saved.update(|saved| saved.last = last);
            // Remembering is a comfort: when the browser does not allow it, connecting goes on.
            self.store_saved();
            store.say(Command::Connect(Box::new(request)));
            // After it: the filters of a link are for the broker of the link, not for the one before.
            let filters = std::mem::take(&mut *self.link_filters.write());
            if !filters.is_empty() {
                store.say(Command::Subscribe(filters));
            }
        }
    }

    fn to_save(self, name: String) -> Option<SavedConnection> {
        let request = self.request()?;
        Some(SavedConnection {
            name,
            address: request.addresses.into_iter().next()?,
            client_id: (!request.client_id_made_up).then_some(request.client_id),
            user_name: request.user_name,
            keep_alive: request.keep_alive,
            clean_session: request.clean_session,
            will: request.will.map(|will| SavedWill {
                topic: will.topic,
                payload: self.will_payload.get_untracked(),
                qos: will.qos,
                retain: will.retain,
            }),
        })
    }

    /// Saves the form under a name. `false`: the browser would not, or the form is not right.
    pub fn save(&self, name: &str) -> bool {
        let Some(connection) = self.to_save(name.to_owned()) else {
            return false;
        };
        let put = self
            .saved
            .try_update(|saved| saved.put(connection))
            .unwrap_or(false);
        put && self.store_saved()
    }

    /// Removes a saved connection.
    pub fn forget(&self, name: &str) {
        self.saved.update(|saved| {
            saved.remove(name);
        });
        self.store_saved();
    }

    fn store_saved(&self) -> bool {
        self.saved
            .with_untracked(|saved| storage::write(STORED, &saved.write()))
    }
}

/// The address of a path of the page's own host; `None` for a page from a file.
pub fn host_address(path: &str) -> Option<String> {
    let host = location::host();
    let scheme = match location::scheme().as_str() {
        "http:" => "ws",
        "https:" => "wss",
        _ => return None,
    };
    (!host.is_empty() && path.starts_with('/')).then(|| format!("{scheme}://{host}{path}"))
}
