//! What the page knows: one signal for each pane's answer, and what is done with what comes over the wire.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};

pub use crate::desk::section::Section;
use crate::{
    browser::{
        color_scheme, history, page_visibility, storage,
        worker::{EngineWorker, FromWorker},
    },
    desk::section::{Opened, Step},
    link::{
        self, Answer, Command, Connection, Counters, FIRST_CONNECTION, Frame, Inspected, List,
        Notice, Queue, Remark, Series, Subscription, Target, Tree, View,
    },
    protocol::{PublishProperties, Qos, Version},
    reading,
    ui::{
        state::{calendar::Calendar, failure::fail, wire::Wire},
        words::{Language, Words},
    },
};

/// A message to edit and publish.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Topic name.
    pub topic: String,
    /// Any bytes.
    pub payload: Vec<u8>,
    /// Quality of service.
    pub qos: Qos,
    /// Retain flag.
    pub retain: bool,
    /// MQTT 5 only.
    pub properties: PublishProperties,
}

/// What the inspector shows of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Its payload.
    Payload,
    /// Its packet.
    Packet,
}

/// A lost connection that came back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Returned {
    /// Milliseconds it was away.
    pub away: f64,
    /// The broker had kept the session.
    pub session_present: bool,
    /// The machine had slept meanwhile, as far as can be told.
    pub slept: bool,
}

/// Reads what came from the engine.
type Reader = fn(Store, &[u8]);

/// What the page knows. A handle: cheap to copy.
#[derive(Clone, Copy)]
pub struct Store {
    /// The connection.
    pub connection: RwSignal<Connection>,
    /// Counters and rates.
    pub counters: RwSignal<Counters>,
    /// Subscriptions.
    pub subscriptions: RwSignal<Vec<Subscription>>,
    /// The visible rows of the list.
    pub list: RwSignal<List>,
    /// The visible rows of the tree.
    pub tree: RwSignal<Tree>,
    /// What the inspector looks at.
    pub inspected: RwSignal<Option<Arc<Inspected>>>,
    /// What the user chose to look at.
    pub chosen: RwSignal<Option<Target>>,
    /// A message that the publisher is to take over.
    pub draft: RwSignal<Option<Draft>>,
    /// The series that run.
    pub series: RwSignal<Vec<Series>>,
    /// Publications that wait.
    pub queue: RwSignal<Queue>,
    /// What is remarked on while the connection goes on.
    pub remarks: RwSignal<Vec<Remark>>,
    /// What the inspector shows.
    pub tab: RwSignal<Tab>,
    /// The latest return of a lost connection; put away with `None`.
    pub returned: RwSignal<Option<Returned>>,
    /// Storage failed, in the browser's own words; put away with `None`.
    pub storage_failed: RwSignal<Option<String>>,
    /// The version that the broker took last, to be remembered.
    pub version_taken: RwSignal<Option<Version>>,
    /// The latest notices, for whoever waits for one.
    pub notices: RwSignal<Vec<Notice>>,
    /// Which part of the page is in front.
    pub section: RwSignal<Section>,
    /// The language.
    pub language: RwSignal<Language>,
    /// The language that was chosen last, which may still be on its way.
    pub language_wanted: RwSignal<Language>,
    /// It did not load.
    pub language_failed: RwSignal<bool>,
    /// How often a language was chosen.
    language_choices: StoredValue<u32>,
    /// Which day it is, and the local time of any moment.
    pub calendar: Calendar,
    /// The filter of the list, as typed.
    pub filter: RwSignal<String>,
    /// The filter that was typed before a button put another in its place.
    pub filter_before: RwSignal<Option<String>>,
    /// The list shows every packet, not messages alone.
    pub packets: RwSignal<bool>,
    /// The engine has said something: it is there.
    pub engine_here: RwSignal<bool>,
    /// A connection was asked for before it was.
    pub engine_awaited: RwSignal<bool>,
    /// A short message for a moment; a number tells two alike apart.
    pub toasts: RwSignal<Vec<(u32, String)>>,
    /// Whether the open inspector is a step in the history.
    opened: StoredValue<Opened>,
    /// Reads frames, once it is there.
    reader: StoredValue<Option<Reader>>,
    wire: Wire,
}

impl Store {
    /// Makes the store and joins it to the engine.
    pub fn start() -> Self {
        let counters = RwSignal::default();
        let wire = Wire::new(counters);
        let language = Language::remembered();
        color_scheme::set_language(language.tag());
        let store = Self {
            connection: RwSignal::default(),
            counters,
            subscriptions: RwSignal::default(),
            list: RwSignal::default(),
            tree: RwSignal::default(),
            inspected: RwSignal::default(),
            chosen: RwSignal::default(),
            draft: RwSignal::default(),
            series: RwSignal::default(),
            queue: RwSignal::default(),
            remarks: RwSignal::default(),
            tab: RwSignal::new(Tab::Payload),
            returned: RwSignal::default(),
            storage_failed: RwSignal::default(),
            version_taken: RwSignal::default(),
            notices: RwSignal::default(),
            section: RwSignal::new(Section::Broker),
            language: RwSignal::new(language),
            language_wanted: RwSignal::new(language),
            language_failed: RwSignal::new(false),
            language_choices: StoredValue::new(0),
            calendar: Calendar::start(),
            filter: RwSignal::default(),
            filter_before: RwSignal::default(),
            packets: RwSignal::new(false),
            engine_here: RwSignal::new(false),
            engine_awaited: RwSignal::new(false),
            toasts: RwSignal::default(),
            opened: StoredValue::default(),
            reader: StoredValue::new(None),
            wire,
        };
        let worker = EngineWorker::take(move |said| match said {
            FromWorker::Turn(bytes) => {
                if !store.engine_here.get_untracked() {
                    store.engine_here.set(true);
                }
                match store.reader.get_value() {
                    Some(read) => read(store, &bytes),
                    None => wire.keep_unread(bytes),
                }
            }
            FromWorker::Crash(words) => fail(&words),
        });
        if worker.is_none() {
            fail("The engine was not started");
        }
        wire.join(worker);
        store.say(Command::Hello);
        history::on_step(move || {
            let closes = store.opened.try_update_value(Opened::went_back);
            if closes == Some(true) {
                store.inspect(None);
            }
        });
        page_visibility::watch(move |hidden| store.say(Command::Hidden(hidden)));
        store
    }

    /// Reads what came from the engine, and what will, by this: [`Self::receive`], which is loaded later than the store.
    pub fn read_by(&self, read: Reader) {
        self.reader.set_value(Some(read));
        for bytes in self.wire.take_unread() {
            read(*self, &bytes);
        }
    }

    /// Reads what came from the engine.
    pub fn receive(self, bytes: &[u8]) {
        match link::decode::<Frame>(bytes) {
            Ok(frame) => self.apply(frame),
            Err(link::Garbled) => fail("The engine and the page are not of one build"),
        }
    }

    /// Says something to the engine at once.
    pub fn say(&self, command: Command) {
        self.wire.say(vec![command]);
    }

    /// A connection was asked for, and the engine is still on its way. Tracks both.
    pub fn waits_for_engine(&self) -> bool {
        self.engine_awaited.get() && !self.engine_here.get()
    }

    /// Changes what is shown; the engine hears of it before the next paint.
    pub fn show(&self, change: impl FnOnce(&mut View)) {
        self.wire.show(change);
    }

    /// Looks at a packet or a topic, or at nothing.
    pub fn inspect(&self, target: Option<Target>) {
        if target.is_none() {
            self.inspected.set(None);
        }
        let look = |opened: &mut Opened| opened.look(target.is_some(), narrow());
        match self.opened.try_update_value(look) {
            Some(Step::Forward) => history::push(),
            Some(Step::Back) => history::back(),
            Some(Step::Stay) | None => {}
        }
        self.chosen.set(target);
        self.say(Command::Inspect(target));
    }

    /// What the inspector looks at, once it is what the user chose last. Before that it still holds what was chosen
    /// earlier, which is to be kept for its place on the page and is nothing to act on.
    pub fn looked_at(&self) -> Option<Arc<Inspected>> {
        let chosen = self.chosen.get_untracked();
        self.inspected
            .get_untracked()
            .filter(|one| one.target == chosen)
    }

    /// The inspector waits for the answer to the latest choice.
    pub fn is_awaited(&self) -> bool {
        let chosen = self.chosen.get();
        self.inspected
            .with(|one| one.as_ref().is_some_and(|one| one.target != chosen))
    }

    /// Date, time and distance from UTC, in the language of the page. Tracks it.
    pub fn moment_words(&self, time: f64) -> String {
        let say = self.words().rest().shown.date;
        self.calendar.moment(time).whole(say)
    }

    /// Shows only the messages of one topic in the list, and says so in the field of its query.
    pub fn show_only(&self, topic: &str) {
        let before = self.filter.get_untracked();
        if reading::is_typed(&before) {
            self.filter_before.set(Some(before));
        }
        self.filter.set(reading::exact_topic(topic));
        self.section.set(Section::Messages);
    }

    /// A number for a publication, never used twice.
    pub fn next_number(&self) -> u32 {
        self.wire.next_number()
    }

    fn apply(&self, frame: Frame) {
        if frame.connection != FIRST_CONNECTION || frame.notices.contains(&Notice::NoSuchConnection)
        {
            return fail("The engine does not have the page's connection");
        }
        self.wire.has_answered();
        for answer in frame.answers {
            self.take(answer);
        }
        for notice in &frame.notices {
            self.note(notice);
        }
        if !frame.notices.is_empty() {
            self.notices.set(frame.notices);
        }
        // After a rest at once: what was sent is often followed by what comes back, and both are then in one paint.
        self.wire.ask();
    }

    /// What a pane shows from now on.
    fn take(&self, answer: Answer) {
        match answer {
            Answer::Connection(connection) => self.take_connection(connection),
            Answer::Counters(counters) => self.counters.set(counters),
            Answer::Subscriptions(subscriptions) => self.subscriptions.set(subscriptions),
            Answer::List(list) => self.list.set(list),
            Answer::Tree(tree) => self.tree.set(tree),
            Answer::Inspector(inspected) => self.take_inspected(inspected),
            Answer::Publisher(series) => self.series.set(series),
            Answer::Queue(queue) => self.queue.set(queue),
            Answer::Notes(remarks) => self.remarks.set(remarks),
        }
    }

    fn take_connection(&self, connection: Connection) {
        let before = self.connection.with_untracked(|before| before.phase);
        let section = self.section.get_untracked();
        let after = section.after(before, connection.phase);
        if after != section {
            self.section.set(after);
        }
        self.connection.set(connection);
    }

    /// An answer that was on its way when something else was chosen is of no use any more.
    fn take_inspected(&self, inspected: Inspected) {
        if inspected.target.is_some() && inspected.target == self.chosen.get_untracked() {
            self.inspected.set(Some(Arc::new(inspected)));
        }
    }

    /// What happened, for the parts of the page that show it until it is put away.
    fn note(&self, notice: &Notice) {
        match notice {
            Notice::Returned {
                away,
                session_present,
                slept,
            } => self.returned.set(Some(Returned {
                away: *away,
                session_present: *session_present,
                slept: *slept,
            })),
            Notice::StorageFailed { detail } => self.storage_failed.set(Some(detail.clone())),
            Notice::VersionTaken(version) => self.version_taken.set(Some(*version)),
            _ => {}
        }
    }

    /// The words of the chosen language. Tracks the language.
    pub fn words(&self) -> &'static Words {
        self.language.get().words()
    }

    /// A text of the chosen language, for a view.
    pub fn text(
        self,
        choose: fn(&Words) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + 'static {
        move || choose(self.words())
    }

    /// Sets and remembers the language, as soon as its words are here.
    pub fn speak(&self, language: Language) {
        let store = *self;
        store.language_wanted.set(language);
        store.language_failed.set(false);
        let choice = store.language_choices.get_value() + 1;
        store.language_choices.set_value(choice);
        spawn_local(async move {
            let loaded = language.load().await;
            // There may have been another choice meanwhile.
            if store.language_choices.get_value() != choice {
                return;
            }
            if loaded.is_ok() {
                let stored = storage::write("midge.language", language.tag());
                color_scheme::set_language(language.tag());
                store.language.set(language);
                store.say_if_unstored(stored);
            } else {
                store.language_wanted.set(store.language.get_untracked());
                store.language_failed.set(true);
            }
        });
    }

    /// Says that a choice holds for this page alone, where the browser did not store it.
    pub fn say_if_unstored(&self, stored: bool) {
        if !stored {
            let words = self.language.get_untracked().words();
            self.toast(words.broker.not_saved.to_owned());
        }
    }

    /// Shows a short message until it is put away or `seconds` are over.
    pub fn toast(&self, words: String) {
        let number = self.next_number();
        self.toasts.update(|toasts| {
            toasts.push((number, words));
            // More would cover the page; the older ones have been seen.
            if toasts.len() > 3 {
                toasts.remove(0);
            }
        });
        let store = *self;
        gloo_timers::callback::Timeout::new(8_000, move || store.put_away(number)).forget();
    }

    /// Puts a short message away.
    pub fn put_away(&self, number: u32) {
        self.toasts
            .update(|toasts| toasts.retain(|(each, _)| *each != number));
    }
}

/// The page is as narrow as a phone: the style sheets' own limit.
pub fn narrow() -> bool {
    let width = web_sys::window().and_then(|window| window.inner_width().ok()?.as_f64());
    width.is_some_and(|width| width <= 640.0)
}
