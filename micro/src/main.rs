//! One workload, repeated: `midge-micro NAME STEPS`. Without arguments it lists the workloads, a line each: messages in
//! a step, steps for a count, and the name. `cargo xtask micro` counts its instructions.

use std::process::ExitCode;

use midge_micro::WORKLOADS;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, steps] = arguments.as_slice() else {
        for workload in &WORKLOADS {
            println!("{} {} {}", workload.messages, workload.steps, workload.name);
        }
        return ExitCode::SUCCESS;
    };
    let found = WORKLOADS.iter().find(|workload| workload.name == *name);
    let (Some(workload), Ok(steps)) = (found, steps.parse::<u64>()) else {
        eprintln!("there is no workload `{name}`, or `{steps}` is no number");
        return ExitCode::FAILURE;
    };
    let mut step = workload.prepare();
    for _ in 0..steps {
        step();
    }
    ExitCode::SUCCESS
}
