//! Does one piece of work and nothing else, for whoever counts its instructions: `midge-micro NAME MESSAGES`. Without
//! arguments it names the pieces.

use std::process::ExitCode;

use midge_micro::WORK;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => {
            for work in &WORK {
                println!("{}\t{}", work.name, work.what);
            }
            ExitCode::SUCCESS
        }
        [name, messages] => {
            let work = WORK.iter().find(|work| work.name == name);
            let (Some(work), Ok(messages)) = (work, messages.parse()) else {
                eprintln!("there is no such work, or `{messages}` is no number");
                return ExitCode::FAILURE;
            };
            println!("{}", (work.prepare)()(messages));
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("it takes the name of a piece of work and a number of messages");
            ExitCode::FAILURE
        }
    }
}
