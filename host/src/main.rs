//! The program `midge`: reads its options, starts, says where it is, and stops when asked.

use std::process::ExitCode;

use midge_host::{Midge, Options, stop};

#[tokio::main]
async fn main() -> ExitCode {
    let options = match Options::from_arguments_and_environment() {
        Ok(options) => options,
        Err(error) => error.exit(),
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
    stop::asked().await;
    midge.stop().await;
    ExitCode::SUCCESS
}
