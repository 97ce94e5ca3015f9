//! Which key does what, and where it does nothing.

use midge::desk::shortcut::{Place, Press, Shortcut, shortcut};

const HERE: Place = Place {
    typing: false,
    inspector: false,
    dialog: false,
    projector: false,
    characters: true,
    mac: false,
};
const TYPING: Place = Place {
    typing: true,
    ..HERE
};
const DIALOG: Place = Place {
    dialog: true,
    ..HERE
};
const MAC: Place = Place { mac: true, ..HERE };

fn key(key: &str) -> Press<'_> {
    Press {
        key,
        ..Press::default()
    }
}

fn control(key: &str) -> Press<'_> {
    Press {
        key,
        control: true,
        ..Press::default()
    }
}

#[test]
fn each_key_has_its_meaning() {
    assert_eq!(shortcut(key("?"), HERE), Some(Shortcut::Keys));
    assert_eq!(shortcut(key("/"), HERE), Some(Shortcut::Filter));
    assert_eq!(shortcut(key("Escape"), HERE), Some(Shortcut::Close));
    assert_eq!(shortcut(key("F6"), HERE), Some(Shortcut::NextPane));
    let back = Press {
        shift: true,
        ..key("F6")
    };
    assert_eq!(shortcut(back, HERE), Some(Shortcut::PreviousPane));
    // Where `?` is written with Shift.
    let shifted = Press {
        shift: true,
        ..key("?")
    };
    assert_eq!(shortcut(shifted, HERE), Some(Shortcut::Keys));
    assert_eq!(shortcut(key("k"), HERE), None);
}

#[test]
fn in_a_field_only_the_commands_escape_and_the_way_out() {
    assert_eq!(shortcut(key("?"), TYPING), None);
    assert_eq!(shortcut(key("/"), TYPING), None);
    assert_eq!(shortcut(control("k"), TYPING), Some(Shortcut::Commands));
    assert_eq!(shortcut(key("Escape"), TYPING), Some(Shortcut::Close));
    assert_eq!(shortcut(key("F6"), TYPING), Some(Shortcut::NextPane));
}

#[test]
fn a_dialog_has_the_keys_for_itself_but_gives_way_to_the_commands() {
    for name in ["?", "/", "Escape", "F6"] {
        assert_eq!(shortcut(key(name), DIALOG), None, "{name}");
    }
    assert_eq!(shortcut(control("k"), DIALOG), Some(Shortcut::Commands));
}

#[test]
fn the_commands_come_by_control_k_and_on_a_mac_by_command_k() {
    let command = Press {
        command: true,
        ..key("k")
    };
    assert_eq!(shortcut(control("k"), HERE), Some(Shortcut::Commands));
    assert_eq!(shortcut(control("K"), HERE), Some(Shortcut::Commands));
    assert_eq!(shortcut(command, HERE), None);
    assert_eq!(shortcut(command, MAC), Some(Shortcut::Commands));
    // It deletes to the end of the line there.
    assert_eq!(shortcut(control("k"), MAC), None);
    // The browser's own.
    let with_shift = Press {
        shift: true,
        ..control("K")
    };
    assert_eq!(shortcut(with_shift, HERE), None);
    let both = Press {
        command: true,
        ..control("k")
    };
    assert_eq!(shortcut(both, HERE), None);
}

#[test]
fn a_layout_with_other_letters_has_the_key_at_its_place() {
    let russian = Press {
        code: "KeyK",
        ..control("л")
    };
    assert_eq!(shortcut(russian, HERE), Some(Shortcut::Commands));
    // Dvorak has another Latin letter there, and that is what counts.
    let dvorak = Press {
        code: "KeyK",
        ..control("t")
    };
    assert_eq!(shortcut(dvorak, HERE), None);
}

#[test]
fn composed_characters_and_alt_are_no_commands() {
    let composing = Press {
        composing: true,
        ..key("/")
    };
    assert_eq!(shortcut(composing, HERE), None);
    let alt = Press {
        alt: true,
        ..key("/")
    };
    assert_eq!(shortcut(alt, HERE), None);
    // AltGr is Control and Alt on Windows.
    let alt_gr = Press {
        alt: true,
        ..control("k")
    };
    assert_eq!(shortcut(alt_gr, HERE), None);
}

#[test]
fn an_arrow_leads_back_from_the_inspector_alone() {
    let inspector = Place {
        inspector: true,
        ..HERE
    };
    assert_eq!(shortcut(key("ArrowLeft"), inspector), Some(Shortcut::Back));
    assert_eq!(shortcut(key("ArrowLeft"), HERE), None);
    assert_eq!(shortcut(key("ArrowRight"), inspector), None);
    let marking = Press {
        shift: true,
        ..key("ArrowLeft")
    };
    assert_eq!(shortcut(marking, inspector), None);
}

#[test]
fn keys_of_one_character_can_be_turned_off_and_all_others_stay() {
    let without = Place {
        characters: false,
        ..HERE
    };
    assert_eq!(shortcut(key("?"), without), None);
    assert_eq!(shortcut(key("/"), without), None);
    assert_eq!(shortcut(control("k"), without), Some(Shortcut::Commands));
    assert_eq!(shortcut(key("Escape"), without), Some(Shortcut::Close));
    assert_eq!(shortcut(key("F6"), without), Some(Shortcut::NextPane));
}

#[test]
fn one_key_leads_to_the_projector_and_back() {
    let projector = Place {
        projector: true,
        ..DIALOG
    };
    assert_eq!(shortcut(key("p"), HERE), Some(Shortcut::Projector));
    assert_eq!(shortcut(key("P"), HERE), Some(Shortcut::Projector));
    assert_eq!(shortcut(key("p"), projector), Some(Shortcut::Projector));
    assert_eq!(shortcut(key("/"), projector), None);
    assert_eq!(shortcut(key("p"), DIALOG), None);
    assert_eq!(shortcut(key("p"), TYPING), None);
    let off = Place {
        characters: false,
        ..HERE
    };
    assert_eq!(shortcut(key("p"), off), None);
}
