//! What the page looks at, and the search through the capture for it.

use super::Engine;
use crate::{link::View, reading::LocalTime};

/// How many bytes a search through the capture reads at a time. This takes a few milliseconds at the most.
const WORK: usize = 512 * 1024;

impl Engine {
    /// List or tree are on screen. Otherwise the search goes on when they are shown again.
    pub(super) fn somebody_looks(&self) -> bool {
        !self.page.hidden && (self.page.shows_list() || self.capture.is_searching())
    }

    pub(super) fn search(&mut self) {
        if self.somebody_looks() {
            let more = self.capture.work(WORK);
            self.page.dirty |= self.searching || more;
            // After a burst there is as much to read as after a change of the filter. Without a timer the rest would wait for
            // the next message.
            self.searching = more;
        }
    }

    pub(super) fn local_time(&self, now_us: u64) -> LocalTime {
        LocalTime {
            now_us,
            offset: self.platform.local_offset,
        }
    }

    pub(super) fn show(&mut self, now: u64, view: View) {
        self.capture.set_local_time(self.local_time(now));
        if let Some(list) = &view.list {
            self.capture.set_list_filter(&list.filter);
            self.capture.show_packets(list.packets);
        }
        if let Some(tree) = &view.tree {
            self.capture.set_tree_search(&tree.search);
        }
        self.searching = true;
        self.page.show(view);
        // What is watched for from now on is to miss nothing that comes before the next frame.
        self.page.look(&mut self.capture);
    }
}
