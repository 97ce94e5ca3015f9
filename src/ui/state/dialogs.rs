//! Which dialog is open; at most one is. A dialog may be opened from any part of the page.

use leptos::prelude::*;

/// The dialogs. A handle in the context: cheap to copy.
#[derive(Clone, Copy, Default)]
pub struct Dialogs {
    /// Sharing by a link.
    pub sharing: RwSignal<bool>,
    /// The settings.
    pub settings: RwSignal<bool>,
    /// The commands.
    pub commands: RwSignal<bool>,
    /// The keys.
    pub keys: RwSignal<bool>,
    /// Exporting what was captured.
    pub export: RwSignal<bool>,
    /// The projector: one value, large enough for a classroom.
    pub projector: RwSignal<bool>,
    /// The question whether to leave with an open connection.
    pub leaving: RwSignal<bool>,
}

impl Dialogs {
    fn all(self) -> [RwSignal<bool>; 7] {
        [
            self.sharing,
            self.settings,
            self.commands,
            self.keys,
            self.export,
            self.projector,
            self.leaving,
        ]
    }

    /// One of them is open.
    pub fn any(self) -> bool {
        self.all().iter().any(RwSignal::get_untracked)
    }

    /// The same, tracked.
    pub fn is_open(self) -> bool {
        self.all().iter().filter(|each| each.get()).count() > 0
    }

    /// Opens one, and closes the others.
    pub fn open(self, wanted: RwSignal<bool>) {
        self.close();
        wanted.set(true);
    }

    /// Closes what is open.
    pub fn close(self) {
        for each in self.all() {
            if each.get_untracked() {
                each.set(false);
            }
        }
    }
}
