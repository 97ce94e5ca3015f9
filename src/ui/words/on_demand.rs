//! The words of parts that few open: they are loaded with their part, in every language, and are no part of the others.

use super::{
    Language, content::TerminalWords, devices::DevicesWords, en_content, en_devices, en_export,
    en_history, en_inside, en_inspected, en_lessons, en_silence, en_timeline, export::ExportWords,
    history::HistoryWords, inside::InsideWords, inspected::InspectedWords, lessons::LessonWords,
    silence::SilenceWords, timeline::TimelineWords, zh_hant_content, zh_hant_devices,
    zh_hant_export, zh_hant_history, zh_hant_inside, zh_hant_inspected, zh_hant_lessons,
    zh_hant_silence, zh_hant_timeline,
};

/// The words of the broker's inside.
pub fn inside(language: Language) -> &'static InsideWords {
    match language {
        Language::English => &en_inside::INSIDE,
        Language::Chinese => &zh_hant_inside::INSIDE,
    }
}

/// The words of the devices in the tab.
pub fn devices(language: Language) -> &'static DevicesWords {
    match language {
        Language::English => &en_devices::DEVICES,
        Language::Chinese => &zh_hant_devices::DEVICES,
    }
}

/// The words of making a file of what was captured.
pub fn export(language: Language) -> &'static ExportWords {
    match language {
        Language::English => &en_export::EXPORT,
        Language::Chinese => &zh_hant_export::EXPORT,
    }
}

/// The words of the history of a topic.
pub fn history(language: Language) -> &'static HistoryWords {
    match language {
        Language::English => &en_history::HISTORY,
        Language::Chinese => &zh_hant_history::HISTORY,
    }
}

/// The words of the time strip.
pub fn timeline(language: Language) -> &'static TimelineWords {
    match language {
        Language::English => &en_timeline::TIMELINE,
        Language::Chinese => &zh_hant_timeline::TIMELINE,
    }
}

/// The words of why a subscription brought nothing.
pub fn silence(language: Language) -> &'static SilenceWords {
    match language {
        Language::English => &en_silence::SILENCE,
        Language::Chinese => &zh_hant_silence::SILENCE,
    }
}

/// The words of what is said of a message and can be done with it.
pub fn inspected(language: Language) -> &'static InspectedWords {
    match language {
        Language::English => &en_inspected::INSPECTED,
        Language::Chinese => &zh_hant_inspected::INSPECTED,
    }
}

/// The words of the same in a terminal.
pub fn terminal(language: Language) -> &'static TerminalWords {
    match language {
        Language::English => &en_content::TERMINAL,
        Language::Chinese => &zh_hant_content::TERMINAL,
    }
}

/// The words around lessons.
pub fn lessons(language: Language) -> &'static LessonWords {
    match language {
        Language::English => &en_lessons::LESSONS,
        Language::Chinese => &zh_hant_lessons::LESSONS,
    }
}
