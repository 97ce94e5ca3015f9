//! The program `midge`: reads its options, starts, says where it is, and stops when asked.

use std::process::ExitCode;

use midge_host::{Midge, Options, Task, passwd, stop};

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("midge: the system gives no threads: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(run());
    // Not waited for: a thread that reads from a drive that is gone.
    runtime.shutdown_background();
    code
}

async fn run() -> ExitCode {
    let options = match Options::from_arguments_and_environment() {
        Ok(options) => options,
        Err(error) => error.exit(),
    };
    if let Some(Task::Passwd { file, name }) = &options.task {
        return match passwd::run(file, name) {
            Ok(()) => ExitCode::SUCCESS,
            Err(words) => {
                eprintln!("midge: {words}");
                ExitCode::FAILURE
            }
        };
    }
    // Before anything is said: who reads that Midge is there may stop it at once.
    let asked_to_stop = match stop::signals() {
        Ok(asked) => asked,
        Err(error) => {
            eprintln!("midge: the system tells no signals: {error}");
            return ExitCode::FAILURE;
        }
    };
    let open = options.open;
    let midge = match Midge::start(options).await {
        Ok(midge) => midge,
        Err(error) => {
            eprintln!("midge: {error}");
            return ExitCode::FAILURE;
        }
    };
    print!("{}", midge.greeting());
    if open && let Err(error) = open::that_detached(midge.page_url()) {
        eprintln!("midge: no browser could be opened ({error}); open the address by hand.");
    }
    asked_to_stop.await;
    midge.stop().await;
    ExitCode::SUCCESS
}
