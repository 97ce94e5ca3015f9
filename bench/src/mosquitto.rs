//! A mosquitto of its own for a case: WebSocket and TCP on free ports of 127.0.0.1, ended when it is dropped.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running broker.
pub struct Mosquitto {
    /// Port of MQTT over TCP.
    pub tcp: u16,
    /// Port of MQTT over WebSocket.
    pub ws: u16,
    child: Child,
    folder: PathBuf,
}

impl Mosquitto {
    /// Starts one, and waits until it listens.
    pub fn start() -> Result<Self, String> {
        let (tcp, ws) = (free_port()?, free_port()?);
        let folder = std::env::temp_dir().join(format!("midge-bench-mosquitto-{ws}"));
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let mut settings = format!(
            "listener {ws} 127.0.0.1\nprotocol websockets\nsocket_domain ipv4\n\
             listener {tcp} 127.0.0.1\nsocket_domain ipv4\npersistence false\n\
             max_queued_messages 0\nallow_anonymous true\n"
        );
        // Started by root it would become another user, who may not read the folder.
        let owner = fs::metadata(&folder).map_err(|error| error.to_string())?;
        if std::os::unix::fs::MetadataExt::uid(&owner) == 0 {
            settings.push_str("user root\n");
        }
        let file = folder.join("mosquitto.conf");
        fs::write(&file, settings).map_err(|error| error.to_string())?;
        let program = std::env::var_os("MOSQUITTO").unwrap_or_else(|| "/usr/sbin/mosquitto".into());
        let child = Command::new(program)
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("mosquitto: {error}"))?;
        let broker = Self {
            tcp,
            ws,
            child,
            folder,
        };
        for port in [tcp, ws] {
            wait_for(port, Duration::from_secs(10))?;
        }
        Ok(broker)
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A port that nobody listens on.
pub fn free_port() -> Result<u16, String> {
    TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| error.to_string())
}

/// Waits until somebody listens on the port.
pub fn wait_for(port: u16, within: Duration) -> Result<(), String> {
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if began.elapsed() > within {
            return Err(format!("nothing listens on port {port}"));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}
