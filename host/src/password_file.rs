//! Files of users as `mosquitto_passwd` writes them: a line for each, `NAME:SECRET`.

use midge_broker::{Secret, User};

/// The longest name: MQTT has room for no more.
const LONGEST_NAME: usize = 65_535;

/// Which line is wrong, and how. Without anything of what stands there.
pub type Fault = (usize, &'static str);

/// All users of a file.
///
/// # Errors
/// At the first line that cannot be meant.
pub fn read(text: &str) -> Result<Vec<User>, Fault> {
    let mut users: Vec<User> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let fault = |words| (number, words);
        let missing =
            "a line is NAME:PASSWORD, as mosquitto_passwd writes it, and the colon is missing";
        let (name, secret) = line.split_once(':').ok_or(fault(missing))?;
        check_name(name.trim()).map_err(fault)?;
        if users.iter().any(|user| user.name == name.trim()) {
            return Err(fault("a user of this name stands further up already"));
        }
        users.push(User {
            name: name.trim().to_owned(),
            secret: Secret::read(secret.trim()).map_err(fault)?,
        });
    }
    Ok(users)
}

/// Whether a user can have this name in such a file.
///
/// # Errors
/// In words.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    match name {
        "" => Err("the name is empty"),
        _ if name.len() > LONGEST_NAME => Err("the name is longer than MQTT has room for"),
        _ if name.starts_with('#') => Err("a name cannot begin with #"),
        _ if name.trim() != name || name.contains([':', '\n', '\r', '\0']) => {
            Err("a name has no colon, no line end and no space around it")
        }
        _ => Ok(()),
    }
}

/// The file with this user in it, in the place of one of the same name or at the end. All else stays as it is.
pub fn with(text: &str, name: &str, secret: &Secret) -> String {
    let line = format!("{name}:{secret}");
    let mut is_there = false;
    let mut lines: Vec<&str> = text
        .lines()
        .map(|old| {
            let is_of_that = !old.trim_start().starts_with('#')
                && old
                    .split_once(':')
                    .is_some_and(|(old, _)| old.trim() == name);
            is_there |= is_of_that;
            if is_of_that { &line[..] } else { old }
        })
        .collect();
    if !is_there {
        lines.push(&line);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEA: &str = "$7$101$GXu1cBlAYNQxtSgw$xr6TM+v9Tg4LQnWojGoG6KT3BUA5t4y3XcEfRmA19lU+Z18Lyn4QqgS8lV73z2jTDI/43lKturL4lQKUM53fvw==";

    #[test]
    fn a_fault_is_told_with_its_line() {
        for (text, line) in [
            ("chen\n".to_owned(), 1),
            (format!("# users\n\nchen:{TEA}\nana:milk\n"), 4),
            (format!("chen:{TEA}\r\n:{TEA}\r\n"), 2),
            (format!("chen:{TEA}\n chen :{TEA}"), 2),
        ] {
            let (found, words) = read(&text).unwrap_err();
            assert_eq!(found, line, "{text}");
            assert!(!words.contains("milk"));
        }
        let names = read(&format!("# users\n\nchen:{TEA}\r\n 茶 :{TEA}")).unwrap();
        let names: Vec<_> = names.into_iter().map(|user| user.name).collect();
        assert_eq!(names, ["chen", "茶"]);
    }

    #[test]
    fn a_user_is_put_in_the_place_of_the_one_before() {
        let secret = Secret::read(TEA).unwrap();
        let text = "# users\nana:x\nchen:y\n\nbo:z";
        let changed = with(text, "chen", &secret);
        assert_eq!(changed, format!("# users\nana:x\nchen:{TEA}\n\nbo:z\n"));
        assert_eq!(with(&changed, "chen", &secret), changed);
        assert_eq!(with("", "chen", &secret), format!("chen:{TEA}\n"));
        assert_eq!(
            with("#chen:y", "chen", &secret),
            format!("#chen:y\nchen:{TEA}\n")
        );
    }
}
