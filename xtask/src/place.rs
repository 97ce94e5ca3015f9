//! Where things are: the repository, the build directory, the tools, and the programs on PATH.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use crate::process::Process;

/// The places every command needs.
pub struct Place {
    /// The repository.
    pub root: PathBuf,
    /// Cargo's target directory.
    pub target: PathBuf,
    /// Where tools are installed: `target/tools` of the repository, wherever Cargo builds.
    pub tools: PathBuf,
}

impl Place {
    /// Finds the repository from the environment variables of Cargo.
    pub fn find() -> Result<Self, String> {
        let root = env::var_os("CARGO_MANIFEST_DIR")
            .map(PathBuf::from)
            .and_then(|crate_folder| crate_folder.parent().map(Path::to_path_buf))
            .ok_or("start it as `cargo xtask ...`")?;
        let text = Process::new("cargo", &["metadata", "--no-deps", "--format-version", "1"])
            .dir(&root)
            .read()?;
        let metadata: serde_json::Value =
            serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let target = metadata["target_directory"]
            .as_str()
            .ok_or("cargo metadata names no target directory")?;
        let tools = root.join("target").join("tools");
        Ok(Self {
            target: PathBuf::from(target),
            tools,
            root,
        })
    }

    /// The built page.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The built host.
    pub fn host(&self) -> PathBuf {
        self.target
            .join("host")
            .join(format!("midge{}", env::consts::EXE_SUFFIX))
    }

    /// Where `cargo install` puts the tools.
    pub fn tools_bin(&self) -> PathBuf {
        self.tools.join("bin")
    }

    /// Where npm puts the tools.
    pub fn npm_bin(&self) -> PathBuf {
        self.tools.join("npm").join("node_modules").join(".bin")
    }

    /// PATH for all programs that are started: our tools, the user's PATH, and the folders of system programs. On Debian these
    /// are not in the PATH of ordinary users, but mosquitto is there.
    pub fn path(&self) -> OsString {
        let own = [self.tools_bin(), self.npm_bin()];
        let users = env::var_os("PATH").unwrap_or_default();
        let system = ["/usr/sbin", "/sbin"].map(PathBuf::from);
        let all = own
            .into_iter()
            .chain(env::split_paths(&users).collect::<Vec<_>>())
            .chain(system);
        env::join_paths(all).unwrap_or(users)
    }
}

/// The first program of this name on `path`.
pub fn on_path(name: &str, path: &OsStr) -> Option<PathBuf> {
    let file_name = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(path)
        .map(|folder| folder.join(&file_name))
        .find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(file)
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|metadata| metadata.is_file())
}

/// The versions of a crate in the text of a `Cargo.lock`.
pub fn locked_versions(lock: &str, name: &str) -> Result<Vec<String>, String> {
    let lock: toml::Table = lock
        .parse()
        .map_err(|error| format!("Cargo.lock: {error}"))?;
    let packages = lock
        .get("package")
        .and_then(toml::Value::as_array)
        .ok_or("Cargo.lock names no package")?;
    Ok(packages
        .iter()
        .filter(|package| package.get("name").and_then(toml::Value::as_str) == Some(name))
        .filter_map(|package| package.get("version").and_then(toml::Value::as_str))
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_version_of_a_crate() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(
            locked_versions(lock, "wasm-bindgen"),
            Ok(vec!["0.2.130".to_owned()])
        );
        assert_eq!(locked_versions(lock, "absent"), Ok(Vec::new()));
        assert!(locked_versions("no lock file", "a").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn only_executable_files_are_programs() {
        use std::os::unix::fs::PermissionsExt;
        let folder = env::temp_dir().join(format!("midge-path-{}", std::process::id()));
        fs::create_dir_all(folder.join("a-folder")).expect("a folder");
        let program = folder.join("a-program");
        fs::write(&program, "").expect("a file");
        let path = folder.clone().into_os_string();
        assert_eq!(on_path("a-program", &path), None);
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("permissions");
        assert_eq!(on_path("a-program", &path), Some(program));
        assert_eq!(on_path("a-folder", &path), None);
        fs::remove_dir_all(folder).expect("removed");
    }
}
