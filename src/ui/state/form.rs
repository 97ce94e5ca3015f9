//! What is typed on the connect screen. Its signals live as long as the page, so no error, reconnect or other section
//! ever loses them.

pub mod fields;
pub mod host;
pub mod keeping;
mod last;
pub mod linked;
mod others;
pub mod told;
mod typed;

use leptos::prelude::*;

use crate::{
    browser::{location, random},
    desk::{
        connect::{TypedWill, faults::faults, request::request, speaks_five},
        going_on::{GoingOn, TakenUp},
    },
    link::{Command, TAB},
    profile::{
        USUAL_KEEP_ALIVE,
        address::{self, Address, AddressFault},
        saved::{Saved, SavedConnection},
        secrets::same_without_secrets,
        share_link,
    },
    protocol::{SubscribeRequest, Version},
    ui::state::{
        form::{
            fields::{Five, OtherAddress, WillFields},
            host::{examine_fully, for_this_page, own_address},
        },
        preferences::is_strict,
        store::Store,
    },
};

/// Where a page without a host and without a memory starts.
const USUAL_ADDRESS: &str = "ws://localhost:9001";

/// What the connection was asked for, as far as the engine does not say it again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InUse {
    /// All addresses, in order.
    pub addresses: Vec<String>,
    /// The only version that may be spoken.
    pub version: Option<Version>,
    /// It authenticates by SCRAM-SHA-256.
    pub scram: bool,
}

/// Connects with what the form holds.
type Connector = fn(Form, Store);

/// The form. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Form {
    pub address: RwSignal<String>,
    /// Further addresses, in the order in which they are tried.
    pub others: RwSignal<Vec<OtherAddress>>,
    last_key: StoredValue<u32>,
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
    /// The only version to try; `None`: the newest that the broker takes.
    pub version: RwSignal<Option<Version>>,
    /// The version that this broker took last.
    pub found: RwSignal<Option<Version>>,
    pub old_subprotocol: RwSignal<bool>,
    pub client_id: RwSignal<String>,
    /// The client identifier is Midge's own.
    pub made_up: RwSignal<bool>,
    pub user_name: RwSignal<String>,
    pub password: RwSignal<String>,
    pub keep_alive: RwSignal<String>,
    pub clean_session: RwSignal<bool>,
    /// What only MQTT 5 has.
    pub five: Five,
    pub will: WillFields,
    /// What a link asks for, until the connection that it is meant for is made.
    pub link_filters: RwSignal<Vec<SubscribeRequest>>,
    /// Addresses and user name of the link that the page began with, until the rest of that link is taken up.
    pub opened_with: StoredValue<Option<(Vec<String>, Option<String>)>>,
    /// What is in the browser's storage.
    pub saved: RwSignal<Saved>,
    /// That the browser does not store was said.
    said_unstored: StoredValue<bool>,
    /// What looks like a secret in the addresses is to be stored with them.
    pub with_secrets: RwSignal<bool>,
    /// Names of what the addresses were stored without.
    pub left_out: RwSignal<Vec<String>>,
    /// What was last asked for.
    pub in_use: RwSignal<InUse>,
    /// What the form was filled with when the page opened.
    last: StoredValue<Option<SavedConnection>>,
    /// What there is to go on with.
    going_on: StoredValue<GoingOn>,
    /// Connects, once it is there: [`Form::connect`] is loaded later than the form.
    connector: StoredValue<Option<Connector>>,
}

fn made_up_id() -> String {
    format!("midge-{:08x}", random::bits())
}

impl Form {
    /// The form as a page starts with it.
    pub fn start() -> Self {
        let form = Self {
            // Most pages come from their own host, whose broker is at this address. Until that is known it is the guess.
            // This tab may have been elsewhere before it was loaded anew.
            address: RwSignal::new(last::address().or_else(own_address).unwrap_or_default()),
            others: RwSignal::default(),
            last_key: StoredValue::new(0),
            opened_with: StoredValue::new(None),
            guessed: RwSignal::new(true),
            settled: RwSignal::new(false),
            eager: RwSignal::new(false),
            finished: RwSignal::new(false),
            tried: RwSignal::new(false),
            version: RwSignal::new(None),
            found: RwSignal::new(None),
            old_subprotocol: RwSignal::new(false),
            client_id: RwSignal::new(made_up_id()),
            made_up: RwSignal::new(true),
            user_name: RwSignal::default(),
            password: RwSignal::default(),
            keep_alive: RwSignal::new(USUAL_KEEP_ALIVE.to_string()),
            clean_session: RwSignal::new(true),
            five: Five::new(),
            will: WillFields::new(),
            link_filters: RwSignal::default(),
            saved: RwSignal::default(),
            said_unstored: StoredValue::new(false),
            with_secrets: RwSignal::new(false),
            left_out: RwSignal::default(),
            in_use: RwSignal::default(),
            last: StoredValue::new(None),
            going_on: StoredValue::default(),
            connector: StoredValue::new(None),
        };
        form.open(share_link::opening(&location::fragment()));
        form
    }

    /// Takes up what is in the browser's storage.
    pub fn recall(&self, store: Store) {
        self.read_stored(store);
        self.fill_last();
        match own_address() {
            Some(guess) if self.guessed.get_untracked() => self.guess(guess),
            Some(_) => {}
            None => self.settle(None),
        }
    }

    /// Connects by this from now on, which is [`Self::connect`].
    pub fn connect_by(&self, connect: Connector) {
        self.connector.set_value(Some(connect));
    }

    /// Connect was pressed.
    pub fn submit(&self, store: Store) {
        match self.connector.get_value() {
            Some(connect) => connect(*self, store),
            None => self.connect_later(),
        }
    }

    /// Connect was pressed before all was there that it takes.
    fn connect_later(&self) {
        self.eager.set(true);
    }

    /// Connect was pressed, and something that it takes is still on its way. Tracks it.
    pub fn is_eager(&self) -> bool {
        self.eager.get()
    }

    /// Connect was pressed before, and nothing is in the way any more.
    pub fn connect_now(&self) -> bool {
        self.eager.get_untracked()
            && (self.settled.get_untracked() || !self.guessed.get_untracked())
    }

    /// Fills in an address of Midge's own choice, with what was used there last.
    fn guess(&self, address: String) {
        let last = self.saved.with_untracked(|saved| saved.last.clone());
        let untouched = self.user_name.with_untracked(String::is_empty)
            && self.password.with_untracked(String::is_empty);
        match last.filter(|last| untouched && last.address == address) {
            Some(last) => self.fill(&last),
            None => {
                // Connect was pressed for the address that was shown, with what was typed for it.
                if !untouched && !self.holds_all(std::slice::from_ref(&address)) {
                    self.eager.set(false);
                }
                self.address.set(address);
            }
        }
    }

    /// It is known now whether there is a host: the address of its broker.
    pub fn settle(&self, host: Option<String>) {
        self.settled.set(true);
        if self.guessed.get_untracked() {
            let last = self
                .saved
                .with_untracked(|saved| saved.last.as_ref().map(|last| last.address.clone()));
            self.guess(host.or(last).unwrap_or_else(|| USUAL_ADDRESS.to_owned()));
        }
    }

    /// The user changed the address.
    pub fn type_address(&self, address: String) {
        // What was asked for one secret was not asked for another.
        let same = self
            .address
            .with_untracked(|before| same_without_secrets(before, &address));
        if !same {
            self.with_secrets.set(false);
        }
        self.address.set(address);
        self.left_out.set(Vec::new());
        self.found.set(None);
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

    /// The user name and password that stood in the address go to their fields. What is not there replaces nothing.
    pub fn take_credentials(&self, user_name: &str, password: &str) {
        for (field, text) in [(self.user_name, user_name), (self.password, password)] {
            if !text.is_empty() {
                field.set(text.to_owned());
            }
        }
    }

    /// All of these addresses stand in the form, so that what was typed there was typed for them too.
    fn holds_all(&self, addresses: &[String]) -> bool {
        let mine = untrack(|| self.addresses());
        for_this_page(|page| address::all_among(addresses, &mine, page))
    }

    /// What was typed for one broker is not for another.
    fn forget_what_was_typed(&self) {
        self.user_name.set(String::new());
        self.password.set(String::new());
        self.will.put(TypedWill::default());
        self.five.user_properties.fill(&[]);
        self.five.scram.set(false);
        self.others.set(Vec::new());
        self.with_secrets.set(false);
        if !self.made_up.get_untracked() {
            self.new_client_id();
        }
    }

    /// Fills in this machine's broker.
    pub fn take_own(&self, address: String) {
        if !self.holds_all(std::slice::from_ref(&address)) {
            self.forget_what_was_typed();
        }
        self.take_address(address);
    }

    /// Connects to the broker in this browser.
    pub fn practise(&self, store: Store) {
        self.take_own(TAB.to_owned());
        self.submit(store);
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

    /// The user chose a saved connection.
    pub fn choose(&self, saved: &SavedConnection) {
        self.fill(saved);
        self.going_on.update_value(|on| on.expect(saved, true));
        self.guessed.set(false);
        self.eager.set(false);
        self.tried.set(false);
        self.finished.set(true);
    }

    /// MQTT 5 is or may be spoken, so that what only it has is shown. Tracks the version.
    pub fn speaks_five(&self) -> bool {
        speaks_five(self.version.get())
    }

    /// The first address. Tracks the field.
    pub fn examined(&self) -> Result<Address, AddressFault> {
        self.address.with(|typed| examine_fully(typed))
    }

    /// The form can be saved as it is.
    pub fn sound(&self) -> bool {
        faults(&untrack(|| self.typed()), examine_fully).is_empty()
    }

    /// Shows everything that is wrong.
    pub fn show_faults(&self) {
        self.tried.set(true);
        self.finished.set(true);
        self.others.with_untracked(|others| {
            for other in others {
                other.finished.set(true);
            }
        });
    }

    /// Connects, or says what is in the way.
    pub fn connect(self, store: Store) {
        if !self.settled.get_untracked() && self.guessed.get_untracked() {
            return self.connect_later();
        }
        self.eager.set(false);
        self.show_faults();
        if !self.sound() {
            return;
        }
        let Some(last) = self.to_save(String::new()) else {
            return;
        };
        self.tried.set(false);
        self.guessed.set(false);
        let password = Some(self.password.get_untracked())
            .filter(|password| !password.is_empty())
            .map(String::into_bytes);
        let request = request(
            last.clone(),
            password,
            self.client_id.get_untracked(),
            is_strict(),
        );
        self.in_use.set(InUse {
            addresses: request.addresses.clone(),
            version: (!request.newest).then_some(request.connect.version),
            scram: request.scram,
        });
        let taken_up = self.take_up(last, store);
        store.engine_awaited.set(true);
        store.say(Command::Connect(Box::new(request)));
        if let Some(TakenUp {
            filters,
            colours,
            only,
        }) = taken_up
        {
            for (filter, colour) in colours {
                store.say(Command::Paint { filter, colour });
            }
            store.say(Command::Resubscribe { filters, only });
        }
        // After it: the filters of a link are for the broker of the link, not for the one before.
        let filters = std::mem::take(&mut *self.link_filters.write());
        if !filters.is_empty() {
            store.say(Command::Subscribe(filters));
        }
    }
}
